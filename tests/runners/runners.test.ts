import { expect, test } from 'vitest';
import { firstBatch } from '../../core/samples.ts';
import { openDataset } from '../../datasets/open.ts';
import { loadModel } from '../../models/manifest.ts';
import { bindInputs } from '../../runners/bind-inputs.ts';
import { importRunner } from '../../runners/registry.ts';
import type { RunnerKind } from '../../suites/target.ts';
import { predict } from '../../tasks/task.ts';
import { onnxModels } from '../contracts/contract-models.ts';
import { tfjsModels } from '../contracts/tfjs-contract-models.ts';
import { testRunner, type ContractCase } from '../contracts/runner-contract.ts';
import { loadSettings } from '../../runners/load-settings.ts';
import { parseTarget } from '../../suites/target.ts';

async function carsOn(kind: RunnerKind, device: string): Promise<ContractCase> {
  const model = await loadModel('cars-mlp');
  const runner = await importRunner(kind);
  const path = model[runner.format]?.path ?? '';
  const models = runner.format === 'onnx' ? onnxModels : tfjsModels;
  return { runner, device, artifact: { format: runner.format, path }, width: 9, models };
}

testRunner('onnxruntime/cpu', () => carsOn('onnxruntime', 'cpu'));
testRunner('tfjs/wasm', () => carsOn('tfjs', 'wasm'));
testRunner('tfjs/cpu', () => carsOn('tfjs', 'cpu'));

test('every runner predicts the same fuel economy', async () => {
  const { test: samples } = await openDataset('cars');
  const { inputs } = await firstBatch(samples, 1);
  const predicted = async (kind: RunnerKind, device: string): Promise<Float64Array> => {
    const { runner, artifact } = await carsOn(kind, device);
    const session = await runner.load(
      artifact,
      loadSettings(parseTarget(`${kind}/${device}`), { threads: 1 }),
    );
    const infer = bindInputs(session, inputs);
    const predictions = await predict({
      infer,
      samples,
      batchSize: 16,
      task: { kind: 'regression' },
    });
    if (predictions.kind !== 'regression') throw new Error('not a regression');
    return predictions.predicted;
  };
  const reference = await predicted('onnxruntime', 'cpu');
  for (const [kind, device] of [
    ['tfjs', 'wasm'],
    ['tfjs', 'cpu'],
  ] as const) {
    const other = await predicted(kind, device);
    for (const [row, value] of other.entries()) expect(value).toBeCloseTo(reference[row] ?? Number.NaN, 3);
  }
});
