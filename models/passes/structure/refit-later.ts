import { sortNodes } from '../../onnx/graph.ts';
import type { OnnxModel, OnnxNode } from '../../onnx/model.ts';
import { shapeOf } from '../../onnx/tensor.ts';
import type { Calibration } from '../calibration.ts';
import { constantProducts } from '../constant-products.ts';
import { solveWithout, systemOf } from './eliminate.ts';
import { jointProducts, type ModelPair } from './joint-products.ts';
import { linearReader, weightsOf, withRefit, type LinearReader } from './reader-system.ts';

/**
 * Refits every product with a stored matrix that depends on one of the given nodes, in order, each to what it, or the sum
 * it goes into, puts out in the original model: errors that removal has left are made up for further on.
 */
export async function refitLater(
  pair: ModelPair,
  changedNodes: ReadonlySet<string>,
  calibration: Calibration,
): Promise<OnnxModel> {
  let current = pair.current;
  for (const outputs of laterProducts(current, changedNodes)) {
    const readers = outputs
      .flatMap((output) => readerOf(current, output) ?? [])
      .filter((reader) => isAsWide(pair.original, reader));
    if (readers.length === 0) continue;
    const products = await jointProducts({ original: pair.original, current }, readers, calibration);
    for (const [index, reader] of readers.entries()) {
      current = refitOne(current, reader, products[index]!);
    }
  }
  return current;
}

/** A product that lost outputs itself has no target of its own left. */
function isAsWide(original: OnnxModel, reader: LinearReader): boolean {
  return readerOf(original, reader.node.output[0] ?? '')?.outputs === reader.outputs;
}

function refitOne(
  current: OnnxModel,
  reader: LinearReader,
  products: Parameters<typeof systemOf>[1],
): OnnxModel {
  const system = systemOf(reader, products, weightsOf(current.graph, reader));
  const solved = solveWithout(system, new Set());
  if (solved === null) return current;
  const end = reader.features * reader.outputs;
  const own = readerOf(current, reader.node.output[0] ?? '') ?? reader;
  const constants = reader.bias === null ? null : solved.subarray(end);
  return withRefit(current, { reader: own, weights: solved.subarray(0, end), constants });
}

/** Outputs of the products, those of one input together. */
function laterProducts({ graph }: OnnxModel, changedNodes: ReadonlySet<string>): string[][] {
  const products = new Set(constantProducts(graph).products.map(({ node }) => node));
  const touched = new Set(changedNodes);
  const byInput = new Map<string, string[]>();
  for (const node of sortNodes(graph.node)) {
    if (!node.input.some((name) => touched.has(name))) continue;
    for (const name of node.output) touched.add(name);
    const [input = ''] = node.input;
    if (products.has(node)) byInput.set(input, [...(byInput.get(input) ?? []), node.output[0] ?? '']);
  }
  return [...byInput.values()];
}

function readerOf({ graph }: OnnxModel, output: string): LinearReader | null {
  const node = graph.node.find((one): one is OnnxNode => one.output[0] === output);
  const weight = graph.initializer.find(({ name }) => name === node?.input[1]);
  if (node === undefined || weight?.dims.length !== 2) return null;
  const isTransposed = node.attribute.some(({ name, i }) => name === 'transB' && Number(i) !== 0);
  const inputs = shapeOf(weight)[isTransposed ? 1 : 0] ?? 0;
  return linearReader(graph, { node, weight, units: new Int32Array(inputs).fill(-1) });
}
