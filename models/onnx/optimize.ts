import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import * as ort from 'onnxruntime-node';
import { AssayError, messageOf } from '../../core/errors.ts';
import { changed, type OnnxGraph, type OnnxModel } from './model.ts';
import { decodeModel, readModelBytes } from './read.ts';
import { encodeModel } from './write.ts';

/**
 * The model with its constants folded by ONNX Runtime, in ONNX operators: BatchNormalization goes into Conv, MatMul and Add
 * become Gemm. Throws `model-invalid` where ONNX Runtime refuses the model.
 */
export async function foldModel(model: OnnxModel): Promise<OnnxModel> {
  const { graph, irVersion } = await optimizeModel(model, 'basic');
  return changed(model, { graph, irVersion });
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
  try {
    const session = await ort.InferenceSession.create(encodeModel(model), {
      graphOptimizationLevel: level,
      optimizedModelFilePath: file,
      // It warns that an optimized file belongs to this machine; it is read and removed.
      logSeverityLevel: 3,
    });
    await session.release();
  } catch (cause) {
    const message = `ONNX Runtime cannot load the graph: ${messageOf(cause)}`;
    throw new AssayError('model-invalid', message, { cause });
  }
  return decodeModel(await readModelBytes(file), 'the optimized graph');
}
