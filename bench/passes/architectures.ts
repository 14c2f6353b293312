import { createRandom, type Random } from '../../core/random.ts';
import { elementCount, type Tensor, type Tensors } from '../../core/tensor.ts';
import { mobilenetV2, resnet50 } from '../../models/architectures/convolutional.ts';
import { perceptron } from '../../models/architectures/perceptron.ts';
import { bertBase, gpt2 } from '../../models/architectures/transformers.ts';
import type { OnnxModel } from '../../models/onnx/model.ts';
import { executedGraph } from '../../models/onnx/optimize.ts';
import { toOrtValues, type OrtValues } from '../../models/onnx/ort-values.ts';
import { openSession, type OrtSession } from '../../models/onnx/session.ts';
import { startCalibration } from '../../models/passes/calibration.ts';
import { passes } from '../../models/passes/registry.ts';
import { countEach } from '../../models/passes/weights.ts';
import { parseVariant, stepsOn } from '../../models/variant.ts';

/**
 * Passes on real architectures at full size, weights drawn by seed: whether each applies, what runs, the signal to error ratio of its
 * outputs to float32, and its latency (median of 7 interleaved calls, one thread).
 *
 *     node bench/passes/architectures.ts [architecture,...] [variant,...]
 */
const floats = (random: Random, shape: readonly number[]): Tensor => ({
  type: 'float32',
  shape,
  data: Float32Array.from({ length: elementCount(shape) }, () => random.normal()),
});
const ids = (shape: readonly number[], id: number): Tensor => ({
  type: 'int64',
  shape,
  data: new BigInt64Array(elementCount(shape)).fill(BigInt(id)),
});

interface Architecture {
  build: () => OnnxModel;
  inputs: (random: Random) => Tensors;
}

const architectures: Readonly<Record<string, Architecture>> = {
  perceptron: { build: () => perceptron(1), inputs: (random) => ({ x: floats(random, [8, 1024]) }) },
  'resnet-50': {
    build: () => resnet50(1),
    inputs: (random) => ({ images: floats(random, [1, 3, 224, 224]) }),
  },
  'mobilenet-v2': {
    build: () => mobilenetV2(1),
    inputs: (random) => ({ images: floats(random, [1, 3, 224, 224]) }),
  },
  'bert-base': {
    build: () => bertBase(1),
    inputs: (random) => ({ embeddings: floats(random, [1, 64, 768]) }),
  },
  'gpt-2': { build: () => gpt2(1), inputs: cachedStep },
};

function cachedStep(random: Random): Tensors {
  const caches = Array.from({ length: 12 }, (_, layer) => [
    `past_key_${layer}`,
    `past_value_${layer}`,
  ]).flat();
  return {
    input_ids: ids([1, 1], random.below(50257)),
    position: ids([1], 32),
    ...Object.fromEntries(caches.map((name) => [name, floats(random, [1, 12, 32, 64])])),
  };
}

const [wanted = Object.keys(architectures).join(','), variants = 'int8-dynamic,int8-static,fp16'] =
  process.argv.slice(2);
for (const name of wanted.split(',')) await measure(name, variants.split(','));

async function measure(name: string, names: readonly string[]): Promise<void> {
  const architecture = architectures[name];
  if (architecture === undefined) throw new Error(`known: ${Object.keys(architectures).join(', ')}`);
  const source = architecture.build();
  const baseline = await open(source);
  const feeds = toOrtValues(baseline.inputs, architecture.inputs(createRandom(100)));
  const expected = firstOutput(baseline.run(feeds));
  for (const variant of names) {
    const started = performance.now();
    const made = await makeVariant(source, variant, architecture);
    if (typeof made === 'string') {
      print(`${name} ${variant}: not applicable, ${made}`);
      continue;
    }
    const madeMs = performance.now() - started;
    const session = await open(made);
    const found = firstOutput(session.run(feeds));
    const [before, after] = interleaved(baseline, session, feeds);
    const kernels = countEach((await executedGraph(made)).node.map(({ opType }) => opType));
    session.close();
    const facts = [
      `made in ${(madeMs / 1000).toFixed(1)} s`,
      `${signalToErrorDb(expected, found).toFixed(1)} dB`,
      `${before.toFixed(1)} to ${after.toFixed(1)} ms (${(before / after).toFixed(2)}x)`,
    ];
    print(`${name} ${variant}: ${facts.join(', ')}; runs ${kernels}`);
  }
  baseline.close();
}

async function makeVariant(
  source: OnnxModel,
  variant: string,
  { inputs }: Architecture,
): Promise<OnnxModel | string> {
  const random = createRandom(7);
  const batches = Array.from({ length: 4 }, () => inputs(random));
  const calibration = startCalibration({
    description: '4 random batches',
    hash: 'random',
    batches: async function* () {
      for (const batch of batches) yield await Promise.resolve(batch);
    },
  });
  let model = source;
  for (const { pass, parameters } of stepsOn(parseVariant(variant), 'onnx') ?? []) {
    const outcome = await passes[pass].apply(model, parameters, calibration);
    if (outcome.status === 'nothing-to-do') return outcome.reason;
    model = outcome.model;
  }
  return model;
}

function open(model: OnnxModel): Promise<OrtSession> {
  return openSession(model, { intraOpNumThreads: 1, interOpNumThreads: 1 });
}

function firstOutput(outputs: OrtValues): Float32Array {
  const { logits, encoded, y } = outputs;
  return (logits ?? encoded ?? y)?.data as Float32Array;
}

function signalToErrorDb(expected: Float32Array, found: Float32Array): number {
  const signal = expected.reduce((sum, value) => sum + value ** 2, 0);
  const error = expected.reduce((sum, value, index) => sum + (value - (found[index] ?? NaN)) ** 2, 0);
  return 10 * Math.log10(signal / error);
}

function interleaved(before: OrtSession, after: OrtSession, feeds: OrtValues): [number, number] {
  const times: [number, number][] = [];
  for (let round = 0; round < 7; round++) times.push([timed(before, feeds), timed(after, feeds)]);
  return [median(times.map(([time]) => time)), median(times.map(([, time]) => time))];
}

function timed(session: OrtSession, feeds: OrtValues): number {
  const start = performance.now();
  session.run(feeds);
  return performance.now() - start;
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
