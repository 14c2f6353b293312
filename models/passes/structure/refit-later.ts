import { countUses, sortNodes } from '../../onnx/graph.ts';
import type { OnnxModel } from '../../onnx/model.ts';
import { shapeOf } from '../../onnx/tensor.ts';
import type { Calibration } from '../calibration.ts';
import { constantProducts, type ConstantProduct } from '../constant-products.ts';
import { solveWithout, systemOf } from './eliminate.ts';
import { jointProducts } from './joint-products.ts';
import type { Pruning } from './prune-structure.ts';
import { linearReader, weightsOf, withRefit } from './reader-system.ts';
import type { Reader } from './walk.ts';

/**
 * Refits every product with a stored matrix that depends on one of the given values, in order, each to what it, or the sum
 * it goes into, puts out in the original model: errors that removal has left are made up for further on.
 */
export async function refitLater(
  pruning: Pruning,
  changedValues: ReadonlySet<string>,
  calibration: Calibration,
): Promise<OnnxModel> {
  let { current } = pruning;
  for (const products of laterProducts(pruning.original, changedValues)) {
    const task = { ...pruning, current };
    const readers = products.flatMap((product) => linearReader(task, readerOf(pruning, product)) ?? []);
    if (readers.length === 0) continue;
    const sums = await jointProducts(task, readers, calibration);
    for (const [index, reader] of readers.entries()) {
      const weights = weightsOf(current.graph, reader);
      const solved = solveWithout(systemOf({ reader, weights, gone: pruning.gone }, sums[index]!), new Set());
      if (solved !== null) current = withRefit(current, { reader, solved });
    }
  }
  return current;
}

/** Products of matrices that nothing else reads, those of one input together. */
function laterProducts(model: OnnxModel, changedValues: ReadonlySet<string>): ConstantProduct[][] {
  const uses = countUses(model.graph);
  const found = constantProducts(model).products.filter(
    ({ weight }) => weight.dims.length === 2 && uses.get(weight.name) === 1,
  );
  const products = new Map(found.map((product) => [product.node, product]));
  const touched = new Set(changedValues);
  const byInput = new Map<string, ConstantProduct[]>();
  for (const node of sortNodes(model.graph.node)) {
    if (!node.input.some((name) => touched.has(name))) continue;
    for (const name of node.output) touched.add(name);
    const [input = ''] = node.input;
    const product = products.get(node);
    if (product !== undefined) byInput.set(input, [...(byInput.get(input) ?? []), product]);
  }
  return [...byInput.values()];
}

/** With the units it reads, where it reads any. */
function readerOf({ walk }: Pruning, { node, weight, isTransposed }: ConstantProduct): Reader {
  const known = walk.readers.find((reader) => reader.node === node);
  const inputs = shapeOf(weight)[isTransposed ? 1 : 0] ?? 0;
  const units = known?.units.map((unit) => walk.units.rootOf(unit)) ?? new Int32Array(inputs).fill(-1);
  return { node, weight, units };
}
