import type { OnnxGraph } from '../../onnx/model.ts';
import type { Calibration } from '../calibration.ts';
import { gramChunks } from '../gram.ts';
import type { Dimension } from './dimensions.ts';
import { systemOf, type System } from './eliminate.ts';
import { jointProducts, type JointProducts } from './joint-products.ts';
import type { Pruning } from './prune-structure.ts';
import { hasOddBias, linearMap, linearReader, weightsOf, type LinearReader } from './reader-system.ts';
import type { Reader } from './walk.ts';

/** A product that reads units of a dimension, and what it takes to fit it. */
export interface FittedReader {
  reader: LinearReader;
  system: System;
}

/** Above it a product is not refitted. */
const maxSolved = 6144;

/** Each with its sums over the calibration data. */
export async function fittedReaders(
  pruning: Pruning,
  dimension: Dimension,
  calibration: Calibration,
): Promise<FittedReader[]> {
  const readers = refittable(pruning, dimension);
  if (readers.length === 0) return [];
  return fitted(pruning, readers, await jointProducts(pruning, readers, calibration));
}

/** The same of several dimensions of one model in turn: as many share a run over the data as there is room for their sums. */
export async function* fittedInTurn(
  pruning: Pruning,
  dimensions: readonly Dimension[],
  calibration: Calibration,
): AsyncGenerator<FittedReader[]> {
  const all = dimensions.map((dimension) => refittable(pruning, dimension));
  const widthOf = (readers: readonly LinearReader[]): number =>
    Math.hypot(...readers.map(({ features }) => features));
  for (const chunk of gramChunks(all, widthOf)) {
    const readers = chunk.flat();
    const products = readers.length === 0 ? [] : await jointProducts(pruning, readers, calibration);
    for (const own of chunk) yield fitted(pruning, own, products.splice(0, own.length));
  }
}

/** The products that read a dimension and can be fitted. */
export function refittable(pruning: Pruning, dimension: Dimension): LinearReader[] {
  return dimension.readers
    .map((reader) => linearReader(pruning, reader))
    .filter((reader) => reader !== null)
    .filter((reader) => reader.features <= maxSolved);
}

function fitted(
  { current, gone }: Pruning,
  readers: readonly LinearReader[],
  products: readonly JointProducts[],
): FittedReader[] {
  return readers.map((reader, index) => {
    const weights = weightsOf(current.graph, reader);
    return { reader, system: systemOf({ reader, weights, gone }, products[index]!) };
  });
}

/** Why a product keeps its weights; null where it can be refitted. */
export function refitObstacle(graph: OnnxGraph, reader: Reader): string | null {
  const map = linearMap(graph, reader);
  const { opType } = reader.node;
  if (opType === 'ConvTranspose') return opType;
  if (map === null) return opType === 'Conv' ? 'grouped Conv' : `${opType} with alpha or beta`;
  if (hasOddBias(map)) return `${opType} whose bias is computed or differs from row to row`;
  return map.features > maxSolved ? `${opType} of more than ${maxSolved} features` : null;
}

/** Above it the order of removal comes from the weights: an elimination of 3,072 neurons takes some 15 s of processor time, which grows with the cube. */
const maxEliminated = 3200;

/** Whether it takes little enough time to choose by these. */
export function canEliminate(fitted: readonly FittedReader[]): boolean {
  return fitted.length > 0 && fitted.every(({ system }) => system.units.length <= maxEliminated);
}
