import { setImmediate } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import type { Tensors } from '../../../core/tensor.ts';
import { buildGraph } from '../../../models/onnx/builder.ts';
import type { OnnxModel } from '../../../models/onnx/model.ts';
import { applyPasses } from '../../../models/passes/apply.ts';
import { rangeMethods } from '../../../models/passes/calibrate-ranges.ts';
import { parseVariant, stepsOn } from '../../../models/variant.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

const [rows, width, layers] = [512, 64, 4];
const batchBytes = 4 * rows * width;

test.for([
  ...rangeMethods.map((method) => `int8-static${method === 'min-max' ? '' : `-${method}`}`),
  'smooth-quant+int8-static',
  'smooth-quant-auto+int8-dynamic',
  'int4-weights-gptq',
  'prune-wanda-50',
  'prune-sparsegpt-50',
  'prune-neurons-50',
])('what %s keeps of calibration data does not grow with them', async (variant) => {
  const [few, many] = [await mostInUse(variant, 4), await mostInUse(variant, 24)];
  // The code that was compiled since and the like take a few; one value of each batch, kept, would be 20.
  expect((many - few) / batchBytes).toBeLessThan(8);
});

/** The most bytes that are in use as a walk over so many batches ends. */
async function mostInUse(variant: string, count: number): Promise<number> {
  const found: number[] = [];
  const batches = async function* (): AsyncGenerator<Tensors> {
    for (let batch = 0; batch < count; batch++) yield { x: drawn(batch) };
    found.push(await bytesInUse());
  };
  const steps = stepsOn(parseVariant(variant), 'onnx') ?? [];
  const made = await applyPasses(chain(), steps, { description: 'drawn', hash: 'drawn', batches });
  if ('reason' in made) throw new Error(made.reason);
  return Math.max(...found);
}

/** After two collections, as what ONNX Runtime gave is released a turn after the first. */
async function bytesInUse(): Promise<number> {
  for (let time = 0; time < 2; time++) {
    collectGarbage();
    await setImmediate();
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

function drawn(seed: number): Tensors[string] {
  const data = Float32Array.from({ length: rows * width }, (_, at) => Math.sin(at + seed));
  return { type: 'float32', shape: [rows, width], data };
}

function chain(): OnnxModel {
  const graph = buildGraph('layers');
  let value = graph.input('x', { type: 'float32', shape: ['batch', width] });
  for (let layer = 0; layer < layers; layer++) {
    const data = Float32Array.from({ length: width ** 2 }, (_, at) => Math.sin(at * (layer + 1)) / 8);
    const weight = graph.initializer(`w${layer}`, { type: 'float32', shape: [width, width], data });
    const outputs = layer === layers - 1 ? { outputs: ['y'] } : {};
    value = graph.node('Relu', [graph.node('MatMul', [value, weight])], outputs);
  }
  graph.output('y', { type: 'float32', shape: ['batch', width] });
  return graph.model();
}
