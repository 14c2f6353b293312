import type { References, Samples } from '../../core/samples.ts';
import type { Tensor } from '../../core/tensor.ts';
import type { ModelManifest } from '../manifest.ts';
import { toOrtValues } from '../onnx/ort-values.ts';
import { loadSession, type OrtSession } from '../onnx/session.ts';
import { referencesOf } from './rows.ts';

type Figures = ModelManifest['reached'];
type Tokens = Extract<References, { kind: 'tokens' }>;

/** A network ready to be asked, and the names of its input and output. */
interface Asked {
  session: OrtSession;
  input: string;
  output: string;
}

const figuresOf: Partial<Record<References['kind'], (asked: Asked, samples: Samples) => Figures>> = {
  values: regressionFigures,
  classes: classificationFigures,
  tokens: generationFigures,
};

/** What an ONNX model reaches on samples, by ONNX Runtime, to 4 digits. */
export async function measureFigures(
  onnx: Uint8Array,
  about: Pick<ModelManifest, 'input' | 'output'>,
  samples: Samples,
): Promise<Figures> {
  const session = await loadSession(onnx, {});
  const asked = { session, input: about.input.name, output: about.output.name };
  const figures = figuresOf[samples.references.kind]?.(asked, samples);
  session.close();
  if (figures === undefined) throw new Error(`internal: no figures of ${samples.references.kind}`);
  return figures.map((one) => ({ ...one, value: Number(one.value.toPrecision(4)) }));
}

function outputsOf(asked: Asked, samples: Samples): Float32Array {
  const given = samples.inputs[asked.input];
  if (given?.type !== 'float32') throw new Error(`internal: no float32 input ${asked.input}`);
  return run(asked, given);
}

function run({ session, input, output }: Asked, tensor: Tensor): Float32Array {
  const outputs = session.run(toOrtValues([{ name: input }], { [input]: tensor }));
  return outputs[output]?.data as Float32Array;
}

function regressionFigures(asked: Asked, samples: Samples): Figures {
  const { values, unit } = referencesOf(samples, 'values');
  const predicted = outputsOf(asked, samples);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value, row) => sum + (value - (predicted[row] ?? Number.NaN)) ** 2, 0);
  const spread = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return [
    { figure: 'mean squared error', unit: `${unit}^2`, value: squares / values.length },
    { figure: 'R^2', unit: '', value: 1 - squares / spread },
  ];
}

function classificationFigures(asked: Asked, samples: Samples): Figures {
  const { indices, labels } = referencesOf(samples, 'classes');
  const probabilities = outputsOf(asked, samples);
  const right = indices.filter((wanted, row) => {
    const start = row * labels.length;
    return greatest(probabilities.subarray(start, start + labels.length)) === wanted;
  });
  return [{ figure: 'accuracy', unit: '', value: right.length / indices.length }];
}

function generationFigures(asked: Asked, samples: Samples): Figures {
  const sentences = referencesOf(samples, 'tokens');
  const tokens = sentences.lengths.reduce((sum, length) => sum + length - 1, 0);
  const { surprise, matches } = readSentences(asked, sentences);
  const floor = sentences.floorNegativeLogLikelihood?.reduce((sum, nats) => sum + nats, 0) ?? null;
  const perplexity = { figure: 'perplexity', unit: '', value: Math.exp(surprise / tokens) };
  const match = { figure: 'greedy exact match', unit: '', value: matches / sentences.lengths.length };
  if (floor === null) return [perplexity, match];
  return [
    perplexity,
    { figure: 'lowest possible perplexity', unit: '', value: Math.exp(floor / tokens) },
    match,
  ];
}

/**
 * Total -ln p of the tokens after the first, in nats, and how many continuations a greedy decoder gets right: those whose
 * every token after the prompt is the likeliest one given the reference before it.
 */
function readSentences(asked: Asked, sentences: Tokens): { surprise: number; matches: number } {
  const { ids, lengths, promptLengths, vocabulary } = sentences;
  const context = ids.length / lengths.length;
  const logits = run(asked, {
    type: 'int64',
    shape: [lengths.length, context],
    data: BigInt64Array.from(ids, BigInt),
  });
  let [surprise, matches] = [0, 0];
  for (const [row, length] of lengths.entries()) {
    let isMatch = true;
    for (let place = 0; place < length - 1; place++) {
      const start = (row * context + place) * vocabulary.length;
      const scores = logits.subarray(start, start + vocabulary.length);
      const wanted = ids[row * context + place + 1] ?? 0;
      surprise += logSumExp(scores) - (scores[wanted] ?? Number.NaN);
      if (place + 1 >= (promptLengths[row] ?? 0)) isMatch &&= greatest(scores) === wanted;
    }
    if (isMatch) matches += 1;
  }
  return { surprise, matches };
}

function logSumExp(scores: Float32Array): number {
  const most = Math.max(...scores);
  return most + Math.log(scores.reduce((sum, score) => sum + Math.exp(score - most), 0));
}

function greatest(scores: Float32Array): number {
  return scores.indexOf(Math.max(...scores));
}
