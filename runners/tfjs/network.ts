import { loadGraphModel, type GraphModel } from '@tensorflow/tfjs-converter';
import type { Tensor } from '@tensorflow/tfjs-core';
import { loadLayersModel, type LayersModel } from '@tensorflow/tfjs-layers';
import * as z from 'zod';
import type { TensorSpec } from '../../core/tensor.ts';
import { modelArtifacts } from '../../models/tfjs/model-artifacts.ts';
import { kindOf, type TfjsModel } from '../../models/tfjs/model.ts';
import { portNames } from '../../models/tfjs/names.ts';
import { readTfjsModel } from '../../models/tfjs/read.ts';
import { unreadable } from '../../models/tfjs/unreadable.ts';
import { typeOf } from './tensors.ts';

/** A model on the current backend. */
export interface Network {
  inputs: readonly TensorSpec[];
  outputs: readonly TensorSpec[];
  /** Takes inputs and gives outputs in the order in which they are described; a promise where the model has control flow. */
  predict(inputs: Tensor[]): Tensor[] | Promise<Tensor[]>;
  /** Whether `predict` gives a promise. */
  isAsync: boolean;
  dispose(): void;
}

/** Loads a `model.json` of either kind. Throws as `readTfjsModel` does, and where TF.js cannot build the model. */
export async function loadNetwork(file: string): Promise<Network> {
  const model = await readTfjsModel(file);
  const artifacts = modelArtifacts(model);
  const handler = { load: () => Promise.resolve(artifacts) };
  try {
    return kindOf(model.file) === 'graph-model'
      ? graphNetwork(await loadGraphModel(handler), hasControlFlow(model))
      : layersNetwork(await loadLayersModel(handler));
  } catch (cause) {
    throw new Error(unreadable(model, cause), { cause });
  }
}

function layersNetwork(model: LayersModel): Network {
  const names = portNames(model);
  return {
    inputs: model.inputs.map((input, index) => describe(input, names.inputs[index])),
    outputs: model.outputs.map((output, index) => describe(output, names.outputs[index])),
    isAsync: false,
    // `predict` would cut a batch into pieces of 32.
    predict: (inputs) => asArray(model.predictOnBatch(single(inputs))),
    dispose: () => {
      model.dispose();
    },
  };
}

function graphNetwork(model: GraphModel, isAsync: boolean): Network {
  const { inputNodes, outputNodes } = model;
  return {
    inputs: model.inputs.map((input, index) => describe(input, inputNodes[index])),
    outputs: model.outputs.map((output, index) => describe(output, outputNodes[index])),
    isAsync,
    // `predict` would give outputs by other names where the file has such.
    predict: isAsync
      ? async (inputs) => asArray(await model.executeAsync(single(inputs), outputNodes))
      : (inputs) => asArray(model.execute(single(inputs), outputNodes)),
    dispose: () => {
      model.dispose();
    },
  };
}

/** Operators that TF.js runs in its asynchronous executor alone, as its converter names them. */
const asyncOperators =
  /^(?:Switch|Merge|Enter|Exit|NextIteration|LoopCond|If|StatelessIf|While|StatelessWhile|NonMaxSuppressionV[235]|Where|HashTable(?:V2)?|LookupTable.*|Tensor(?:Array|List).*)$/;

const graphSchema = z.looseObject({ node: z.array(z.looseObject({ op: z.string() })) });

function hasControlFlow({ file }: TfjsModel): boolean {
  return graphSchema.parse(file.modelTopology).node.some(({ op }) => asyncOperators.test(op));
}

function describe(
  { dtype, shape = [] }: { dtype?: string; shape?: (number | null)[] },
  name = '',
): TensorSpec {
  const sizes = shape.map((size) => (size === null || size < 0 ? null : size));
  return { name, type: typeOf(dtype), shape: sizes };
}

function single(inputs: Tensor[]): Tensor | Tensor[] {
  const [first] = inputs;
  return inputs.length === 1 && first !== undefined ? first : inputs;
}

function asArray(tensors: Tensor | Tensor[]): Tensor[] {
  return Array.isArray(tensors) ? tensors : [tensors];
}
