import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { firstBatch } from '../../../core/samples.ts';
import { sum } from '../../../core/statistics/summary.ts';
import { openDataset } from '../../../datasets/open.ts';
import { buildVariant } from '../../../models/build.ts';
import { loadModel, onnxOf } from '../../../models/manifest.ts';
import { evaluateCell } from '../../../runners/pool/evaluate-cell.ts';
import { importRunner } from '../../../runners/registry.ts';
import { defaultTargetSettings } from '../../../results/target-schema.ts';
import { parseTarget } from '../../../suites/target.ts';
import {
  nextTokenDivergence,
  type NextTokenDivergence,
} from '../../../tasks/compare/next-token-divergence.ts';
import type { GenerationPredictions } from '../../../tasks/predictions.ts';

/** Samples of the test split: one batch. */
const samples = 64;

const folder = await mkdtemp(path.join(os.tmpdir(), 'assay-next-tokens-'));
afterAll(() => rm(folder, { recursive: true, force: true }));

interface Predicted {
  file: string;
  predictions: GenerationPredictions;
}

/** What a variant of the grammar's Transformer predicts on sentences of the grammar. */
async function predict(variant: string): Promise<Predicted> {
  const built = await buildVariant(
    { model: onnxOf(await loadModel('grammar-transformer')), variant },
    folder,
  );
  if (built.status !== 'built') throw new Error(built.reason);
  const { predictions } = await evaluateCell({
    kind: 'evaluate',
    target: parseTarget('onnxruntime/cpu'),
    artifact: { format: 'onnx', path: built.path },
    sizeBytes: built.variant.sizeBytes,
    dataset: 'clauses',
    task: { kind: 'generation' },
    metrics: ['perplexity'],
    level: 0.95,
    seed: 1,
    mostSamples: samples,
  });
  if (predictions.kind !== 'generation') throw new Error(`generation was asked, not ${predictions.kind}`);
  return { file: built.path, predictions };
}

function divergenceOf(baseline: Predicted, variant: Predicted): NextTokenDivergence {
  const { divergence, reason } = nextTokenDivergence(baseline.predictions, variant.predictions, 0.95);
  if (divergence === null) throw new Error(reason);
  return divergence;
}

/** Probabilities of the next token at each position of each sample, from the model's own logits. */
async function distributionsOf(file: string, lengths: Int32Array): Promise<number[][]> {
  const { inputs } = await firstBatch((await openDataset('clauses', [])).test, samples);
  const runner = await importRunner('onnxruntime');
  const settings = { ...defaultTargetSettings, device: 'cpu', deviceIndex: 0, threads: 1 };
  const session = await runner.load({ format: 'onnx', path: file }, settings);
  const [logits] = Object.values(await session.run(inputs));
  await session.close();
  const [, length = 0, vocabulary = 0] = logits?.shape ?? [];
  const rowAt = (start: number): number[] =>
    Array.from(logits?.data.slice(start, start + vocabulary) ?? [], Number);
  return Array.from(lengths).flatMap((positions, sample) =>
    Array.from({ length: positions }, (_, place) => softmax(rowAt((sample * length + place) * vocabulary))),
  );
}

function softmax(logits: readonly number[]): number[] {
  const weights = logits.map((logit) => Math.exp(logit - Math.max(...logits)));
  return weights.map((weight) => weight / sum(weights));
}

const baseline = await predict('fp32');
const pruned = await predict('prune-magnitude-80');

test('the divergence of a pruned model is that of its logits, position by position', async () => {
  const { tokens } = baseline.predictions;
  const [own, other] = await Promise.all([baseline, pruned].map(({ file }) => distributionsOf(file, tokens)));
  const each = (own ?? []).map((before, place) =>
    sum(before.map((p, token) => (p === 0 ? 0 : p * Math.log(p / (other?.[place]?.[token] ?? NaN))))),
  );
  const found = divergenceOf(baseline, pruned);
  expect(found).toMatchObject({ samples, positions: sum([...tokens]), reason: null });
  expect(found.klDivergence).toBeCloseTo(sum(each) / each.length, 6);
  expect(found.max).toBeCloseTo(Math.max(...each), 4);
  expect(found.interval?.low).toBeLessThan(found.klDivergence);
  expect(found.interval?.high).toBeGreaterThan(found.klDivergence);
});

test('int8 moves the distributions less than zeroing four fifths of the weights does', async () => {
  const quantized = divergenceOf(baseline, await predict('int8-dynamic'));
  const far = divergenceOf(baseline, pruned);
  expect(quantized.klDivergence).toBeGreaterThan(0);
  expect(quantized.klDivergence).toBeLessThan(far.klDivergence / 10);
  expect(quantized.sameLikeliest).toBeGreaterThan(far.sameLikeliest);
});
