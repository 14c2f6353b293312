import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { changed, type OnnxGraph, type OnnxModel } from './model.ts';
import { decodeModel, readModelBytes } from './read.ts';
import { storedBytes } from './external-data.ts';
import { openSession } from './session.ts';
import { storedTensors } from './stored-tensors.ts';

/** ONNX Runtime writes the folded model as one protobuf message, which ends at 2 GiB. */
const mostFoldedBytes = 2 ** 30;

/**
 * The model with its constants folded by ONNX Runtime, in ONNX operators: BatchNormalization goes into Conv, MatMul and Add
 * become Gemm. One whose weights pass 1 GiB stays as it is. Throws `model-invalid` where ONNX Runtime refuses the model.
 */
export async function foldModel(model: OnnxModel): Promise<OnnxModel> {
  const bytes = [...storedTensors(model)].reduce((sum, tensor) => sum + storedBytes(tensor), 0);
  if (bytes > mostFoldedBytes) return model;
  const { graph, irVersion } = await optimizeModel(model, 'basic');
  // ONNX Runtime writes the fields it knows: what else the graph had stays.
  const { node, initializer, sparseInitializer, valueInfo } = graph;
  const inputs = new Set(graph.input.map(({ name }) => name));
  const input = model.graph.input.filter(({ name }) => inputs.has(name));
  const folded = changed(model.graph, { node, initializer, sparseInitializer, valueInfo, input });
  return changed(model, { graph: folded, irVersion });
}

/** The graph ONNX Runtime runs on the CPU of this machine, after all of its fusions. Throws `model-invalid` where it refuses the model. */
export async function executedGraph(model: OnnxModel): Promise<OnnxGraph> {
  return (await optimizeModel(model, 'all')).graph;
}

async function optimizeModel(model: OnnxModel, level: 'all' | 'basic'): Promise<OnnxModel> {
  const folder = await mkdtemp(path.join(tmpdir(), 'assay-graph-'));
  try {
    return await optimizeInto(path.join(folder, 'optimized.onnx'), model, level);
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function optimizeInto(file: string, model: OnnxModel, level: 'all' | 'basic'): Promise<OnnxModel> {
  const session = await openSession(model, { graphOptimizationLevel: level, optimizedModelFilePath: file });
  session.close();
  return decodeModel(await readModelBytes(file), 'the optimized graph');
}
