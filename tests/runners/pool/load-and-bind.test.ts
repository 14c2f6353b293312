import { mkdtemp, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { loadAndBind } from '../../../runners/pool/load-and-bind.ts';
import { parseTarget } from '../../../suites/target.ts';
import { modelOf } from '../evaluate/evaluation.ts';

/** A model of two numbers a row that declares one, as skl2onnx and onnxmltools do of trees with several outputs. */
const misdeclared = modelOf(2, (graph, x) => {
  const attributes = {
    coefficients: { floats: [1, 0, 0, 1] },
    intercepts: { floats: [0, 0] },
    targets: { int: 2 },
  };
  graph.node('LinearRegressor', [x], { domain: 'ai.onnx.ml', attributes, outputs: ['y'] });
  graph.output('y', { type: 'float32', shape: ['batch', 1] });
});

async function load(names: readonly string[]): Promise<null> {
  const file = path.join(await mkdtemp(path.join(os.tmpdir(), 'assay-load-')), 'mine.onnx');
  await writeFile(file, misdeclared);
  const values = new Float64Array(3 * names.length);
  return loadAndBind({
    kind: 'load',
    model: {
      artifact: { format: 'onnx', path: file },
      target: parseTarget('onnxruntime/cpu'),
      deviceIndex: 0,
    },
    samples: {
      inputs: { x: { type: 'float32', shape: [3, 2], data: new Float32Array(6) } },
      references: { kind: 'values', unit: '', names, values },
    },
    task: { kind: 'regression' },
  });
}

test('an output of another width than the model declares is taken where it fits', async () => {
  expect(await load(['width', 'height'])).toBeNull();
});

test('an output that fits neither as it is declared nor as it comes is told as it is declared', async () => {
  await expect(load(['a', 'b', 'c'])).rejects.toThrow(
    'the output "y" (float32 [batch, 1]) does not fit; accepted: float [batch, 3] for a, b, c',
  );
});
