import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { countUses, nodesOf } from './graph.ts';
import { withInputsFor } from './infer.ts';
import { fromLink } from './linked-files.ts';
import { mapTensors } from './map-tensors.ts';
import { changed, type OnnxGraph, type OnnxModel, type OnnxTensor } from './model.ts';
import { decodeWhole, readModelBytes } from './read.ts';
import { externalFiles, isDeferred, storedBytes } from './external-data.ts';
import { scopesOf } from './scopes.ts';
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
  const kept = untouchedWeights(model.graph);
  const light = withInputsFor(model.graph, kept);
  const { graph, irVersion } = await optimizeModel(changed(model, { graph: light }), 'basic');
  // ONNX Runtime writes the fields it knows: what else the graph had stays.
  const { node, sparseInitializer, valueInfo } = graph;
  const initializer = [...graph.initializer, ...kept];
  const inputs = new Set(graph.input.map(({ name }) => name));
  const input = model.graph.input.filter(({ name }) => inputs.has(name));
  const folded = changed(model.graph, { node, initializer, sparseInitializer, valueInfo, input });
  return changed(model, { graph: folded, irVersion, functions: calledFunctions(folded, model.functions) });
}

/** None where ONNX Runtime has put the nodes of all of them in the place of their calls. */
function calledFunctions(graph: OnnxGraph, functions: OnnxModel['functions']): OnnxModel['functions'] {
  const nodes = scopesOf(graph).flatMap((scope) => scope.graph.node);
  const isCalled = functions.some(({ name, domain }) =>
    nodes.some((node) => node.opType === name && node.domain === domain),
  );
  return isCalled ? functions : [];
}

/** Smaller weights are not worth the care. */
const leastKeptBytes = 2 ** 14;
/** Operators whose constants ONNX Runtime folds into the product before them. */
const foldedIntoProducts = ['BatchNormalization', 'Div', 'Mul'];

/**
 * Weights of products that ONNX Runtime has nothing to fold into, so that it need not read and write them: matrices that one MatMul or
 * Gemm reads and no other node does.
 */
function untouchedWeights(graph: OnnxGraph): OnnxTensor[] {
  const uses = countUses(graph);
  const scaled = new Set(nodesOf(graph, foldedIntoProducts).flatMap(({ input }) => input));
  const products = nodesOf(graph, ['Gemm', 'MatMul']).filter(({ output }) => !scaled.has(output[0] ?? ''));
  const weights = new Set(products.map(({ input }) => input[1] ?? ''));
  return graph.initializer.filter(
    (tensor) =>
      weights.has(tensor.name) && uses.get(tensor.name) === 1 && storedBytes(tensor) >= leastKeptBytes,
  );
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

/** Weights that ONNX Runtime leaves where they are, in other files, it writes as found there: by the links it was given. */
async function optimizeInto(file: string, model: OnnxModel, level: 'all' | 'basic'): Promise<OnnxModel> {
  const files = externalFiles(model);
  const session = await openSession(mapTensors(model, inMemory), {
    graphOptimizationLevel: level,
    optimizedModelFilePath: file,
    intraOpNumThreads: 1,
  });
  session.close();
  const written = decodeWhole(await readModelBytes(file), 'the optimized graph');
  return mapTensors(written, (tensor) => fromLink(tensor, files));
}

/** What is made when asked for would be in a file that is gone with the session. */
function inMemory(tensor: OnnxTensor): OnnxTensor {
  return isDeferred(tensor) ? changed(tensor, { rawData: tensor.rawData }) : tensor;
}
