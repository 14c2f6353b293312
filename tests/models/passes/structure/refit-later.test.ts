import { isDeepStrictEqual } from 'node:util';
import { expect, test } from 'vitest';
import { createRandom } from '../../../../core/random.ts';
import type { Tensor } from '../../../../core/tensor.ts';
import type { OnnxModel } from '../../../../models/onnx/model.ts';
import { createNode } from '../../../../models/onnx/node.ts';
import { createTensor, readTensor } from '../../../../models/onnx/tensor.ts';
import { pruneStructure } from '../../../../models/passes/structure/prune-structure.ts';
import { drawnCalibration } from '../small-calibration.ts';
import { networks } from './networks.ts';

const plan = {
  kind: 'heads',
  sparsity: 0.5,
  multiple: 1,
  importance: 'weights',
  reconstruction: 'least-squares',
} as const;

test.for([
  [1, 'is refitted', false],
  [2, 'keeps its weight, as what fits one reader does not fit the other', true],
] as const)('after heads, a later product whose weight has %i readers %s', async ([readers, , stays]) => {
  const source = followed(readers);
  const { model } = await pruneStructure(source, plan, drawnCalibration(source));
  expect(isDeepStrictEqual(laterWeight(model), laterWeight(source))).toBe(stays);
});

function laterWeight({ graph }: OnnxModel): Tensor {
  return readTensor(graph.initializer.find(({ name }) => name === 'later') ?? failed());
}

/** Attention whose output goes through products of one weight, one after the other. */
function followed(products: number): OnnxModel {
  const random = createRandom(3);
  const model = networks['attention heads']?.() ?? failed();
  const { node, initializer, output } = model.graph;
  const data = Float32Array.from({ length: 25 }, () => random.normal());
  initializer.push(createTensor('later', { type: 'float32', shape: [5, 5], data }));
  let value = 'y';
  for (let at = 0; at < products; at++) {
    const inputs = [value, 'later'];
    value = `later_${at}`;
    node.push(createNode({ opType: 'MatMul', name: value, inputs, outputs: [value] }));
  }
  for (const port of output) port.name = value;
  return model;
}

function failed(): never {
  throw new Error('the network has it');
}
