import '@tensorflow/tfjs-backend-cpu';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { textsOf } from '../../../core/ids.ts';
import { sha256 } from '../../../core/hash.ts';
import { createRandom } from '../../../core/random.ts';
import { sum } from '../../../core/statistics/summary.ts';
import { buildVariant } from '../../../models/build.ts';
import { encodeModel } from '../../../models/onnx/write.ts';
import { createParameters } from '../../../models/train/parameters.ts';
import { transformerOnnx } from '../../../models/train/transformer-onnx.ts';
import { transformerStarts } from '../../../models/train/transformer.ts';
import { defaultTargetSettings } from '../../../results/target-schema.ts';
import { importRunner } from '../../../runners/registry.ts';
import { nextTokenDivergence } from '../../../tasks/compare/next-token-divergence.ts';
import { decodePredictions, encodePredictions } from '../../../tasks/predictions-parquet.ts';
import type { GenerationPredictions } from '../../../tasks/predictions.ts';
import { evaluate } from './evaluation.ts';

/** Of so many tokens 32 MiB hold the distributions of 1048 positions. */
const vocabulary = 8000;
const fitting = Math.floor(2 ** 23 / vocabulary);
const length = 16;
const sizes = { vocabulary, context: length, width: 8, heads: 2, hidden: 16, blocks: 1 };

/** A batch and some, of more positions. */
const rows = 100;
const random = createRandom(3);
const texts = Array.from({ length: rows }, () =>
  Array.from({ length: 12 + random.below(5) }, () => random.below(vocabulary)),
);
const data = texts.map((pieces) => JSON.stringify({ pieces, prompt: pieces.length - 1 })).join('\n');

const folder = await mkdtemp(path.join(os.tmpdir(), 'assay-large-vocabulary-'));
afterAll(() => rm(folder, { recursive: true, force: true }));

/** A decoder with weights drawn by seed, and the same with half of them zeroed. */
async function makeModels(): Promise<{ baseline: Uint8Array; variant: Uint8Array }> {
  const parameters = createParameters(transformerStarts(sizes), createRandom(1));
  const made = transformerOnnx('decoder', { parameters, sizes }, { input: 'ids', output: 'logits' });
  const baseline = encodeModel(made);
  const file = path.join(folder, 'decoder.onnx');
  await writeFile(file, baseline);
  const model = { path: file, sha256: sha256(baseline) };
  const built = await buildVariant({ model, variant: 'prune-magnitude-50' }, folder);
  if (built.status !== 'built') throw new Error(built.reason);
  return { baseline, variant: await readFile(built.path) };
}

const target = {
  ...{ kind: 'tokens', column: 'pieces', promptColumn: 'prompt', floorColumn: null },
  ...{ vocabulary: Array.from({ length: vocabulary }, (_, token) => `t${token}`), join: ' ', length },
};

async function predict(model: Uint8Array): Promise<GenerationPredictions> {
  const manifest = { format: { kind: 'jsonl' }, inputs: [{ kind: 'tokens', name: 'ids' }], target };
  const task = { kind: 'generation' } as const;
  const { predictions } = await evaluate({ data, manifest, model, task, metrics: ['perplexity'] });
  if (predictions.kind !== 'generation') throw new Error(`generation was asked, not ${predictions.kind}`);
  return predictions;
}

/** Of two models, ln p after each token of a text, from their own logits. */
async function scorersOf(models: readonly Uint8Array[]) {
  const settings = { ...defaultTargetSettings, device: 'cpu', deviceIndex: 0, threads: 1 };
  const runner = await importRunner('onnxruntime');
  return Promise.all(
    models.map(async (model, index) => {
      const file = path.join(folder, `${index}.onnx`);
      await writeFile(file, model);
      const session = await runner.load({ format: 'onnx', path: file }, settings);
      return async (text: readonly number[]): Promise<(place: number) => Float64Array> => {
        const data = BigInt64Array.from(text, BigInt);
        const { logits } = await session.run({ ids: { type: 'int64', shape: [1, text.length], data } });
        const all = logits?.data as Float32Array;
        return (place) => logSoftmax(all.subarray(place * vocabulary, (place + 1) * vocabulary));
      };
    }),
  );
}

function logSoftmax(logits: Float32Array): Float64Array {
  let total = 0;
  for (const logit of logits) total += Math.exp(logit);
  const logTotal = Math.log(total);
  return Float64Array.from(logits).map((logit) => logit - logTotal);
}

function klDivergence(own: Float64Array, other: Float64Array): number {
  let total = 0;
  for (const [token, one] of own.entries()) total += Math.exp(one) * (one - (other[token] ?? NaN));
  return total;
}

test('over thousands of tokens, the divergence is that of the logits at as many positions as fit, spread over all texts', async () => {
  const models = await makeModels();
  const baseline = await predict(models.baseline);
  const variant = await predict(models.variant);
  const kept = baseline.nextTokens?.samples.map((sample) => [...(sample?.positions ?? [])]) ?? [];
  const positions = kept.flat().length;
  expect(positions).toBe(fitting);
  // What is beyond the first ones is kept of the last text as of any.
  expect(kept).toHaveLength(rows);
  expect(kept.filter((places) => places.length === 0)).toEqual([]);
  expect(kept.filter((places, row) => places.length < (baseline.tokens[row] ?? 0)).length).toBeGreaterThan(
    rows / 2,
  );

  const [own, other] = await scorersOf([models.baseline, models.variant]);
  const each: number[] = [];
  for (const [row, id] of textsOf(baseline.ids).entries()) {
    const text = texts[Number(id) - 1] ?? [];
    const [before, after] = [await own?.(text), await other?.(text)];
    if (before === undefined || after === undefined) throw new Error('no model');
    for (const place of kept[row] ?? []) each.push(klDivergence(before(place), after(place)));
  }
  const { divergence, reason } = nextTokenDivergence(baseline, variant, 0.95);
  expect(reason).toBeNull();
  expect(divergence).toMatchObject({ positions, samples: rows });
  expect((divergence?.klDivergence ?? NaN) / (sum(each) / each.length)).toBeCloseTo(1, 3);
  expect((divergence?.max ?? NaN) / Math.max(...each)).toBeCloseTo(1, 2);
  expect(divergence?.interval?.low).toBeGreaterThan(0);

  // Not by `toEqual`, which takes seconds for so many numbers.
  const file = encodePredictions(baseline);
  expect(Buffer.compare(encodePredictions(await decodePredictions(file, 'here')), file)).toBe(0);
});
