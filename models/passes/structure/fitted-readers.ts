import type { OnnxGraph } from '../../onnx/model.ts';
import type { Calibration } from '../calibration.ts';
import type { Dimension } from './dimensions.ts';
import { systemOf, type System } from './eliminate.ts';
import { jointProducts } from './joint-products.ts';
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

/** The products that read a dimension and can be fitted, with their sums over the calibration data. */
export async function fittedReaders(
  pruning: Pruning,
  dimension: Dimension,
  calibration: Calibration,
): Promise<FittedReader[]> {
  const { current, gone } = pruning;
  const readers = dimension.readers
    .map((reader) => linearReader(pruning, reader))
    .filter((reader) => reader !== null)
    .filter((reader) => reader.features <= maxSolved);
  if (readers.length === 0) return [];
  const products = await jointProducts(pruning, readers, calibration);
  return readers.map((reader, index) => {
    const weights = weightsOf(current.graph, reader);
    return { reader, system: systemOf({ reader, weights, gone }, products[index]!) };
  });
}

/** Why a product keeps its weights; null where it can be refitted. */
export function refitObstacle(graph: OnnxGraph, reader: Reader): string | null {
  const map = linearMap(graph, reader);
  const { opType } = reader.node;
  if (map === null) return opType === 'Conv' ? 'grouped Conv' : `${opType} with alpha or beta`;
  if (hasOddBias(map)) return `${opType} whose bias is computed or differs from row to row`;
  return map.features > maxSolved ? `${opType} of more than ${maxSolved} features` : null;
}

/** Above it the order of removal comes from the weights: an elimination of 3,072 neurons takes up to two minutes, and its time grows with the cube. */
const maxEliminated = 3200;

/** Whether it takes little enough time to choose by these. */
export function canEliminate(fitted: readonly FittedReader[]): boolean {
  return fitted.length > 0 && fitted.every(({ system }) => system.units.length <= maxEliminated);
}
