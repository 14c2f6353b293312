import { AssayError } from '../../core/errors.ts';
import { kernelsFor } from '../kernels/kernels.ts';
import { addressOf } from '../kernels/workspace.ts';
import type { Figure } from '../metric.ts';
import type { ClassificationPredictions } from '../predictions.ts';
import { blockSize } from './blocks.ts';
import { undefinedBecause, valued } from './figure.ts';
import { namedRows, namedSamples } from './named-samples.ts';
import { requireLengths, weightsFault } from './required-lengths.ts';
import { hasForeignIndex, hasOutside } from './scan.ts';
import { sumOf } from './sum.ts';

type Given = ClassificationPredictions;

/** Why nothing can be said about predicted classes, or null. Columns that do not fit and unknown labels are errors. */
export function classificationFault(given: Given): Figure | null {
  const { ids, expected, predicted, weights } = given;
  requireLengths(ids, weights, { expected: expected.length, predicted: predicted.length });
  requireKnownLabels(given, 'expected');
  requireKnownLabels(given, 'predicted');
  return ids.length === 0 ? undefinedBecause('there are no samples') : weightsFault(weights);
}

/**
 * The figure of a score, or why probabilities cannot be scored: those outside 0 to 1 are a finding about the model. The score
 * is told the doubt where the probabilities of a sample do not sum to 1.
 */
export function probabilityFigure(
  given: Given,
  figureOf: (sumDoubts: readonly string[]) => Figure | number,
): Figure {
  const { ids, labels, probabilities } = given;
  if (probabilities === null) return classificationFault(given) ?? undefinedBecause(noProbabilities);
  requireLengths(ids, undefined, { probabilities: probabilities.length / Math.max(1, labels.length) });
  const fault = classificationFault(given);
  if (fault !== null) return fault;
  const isAmiss = hasRowAmiss(probabilities, labels.length);
  if (isAmiss && hasOutside(probabilities, 0, 1)) return outsideFault(given);
  const figure = figureOf(isAmiss ? offDoubts(given) : []);
  return typeof figure === 'number' ? valued(figure) : figure;
}

const noProbabilities = 'it takes a probability a label, and the model puts out labels alone';

/** The probabilities, of which `probabilityFigure` found that there are some. */
export function probabilitiesOf({ probabilities }: Given): Float64Array {
  if (probabilities === null) throw new Error(`internal: ${noProbabilities}`);
  return probabilities;
}

/** Room for a softmax in float32. */
const sumTolerance = 1e-5;

/** Whether a row holds anything outside 0 to 1 or does not sum to 1. */
function hasRowAmiss(probabilities: Float64Array, columns: number): boolean {
  if (columns > blockSize) return hasLongRowAmiss(probabilities, columns);
  const kernels = kernelsFor(probabilities);
  const address = addressOf(kernels, probabilities);
  const rows = Math.floor(blockSize / columns);
  for (let start = 0; start < probabilities.length; start += rows * columns) {
    const end = Math.min(probabilities.length, start + rows * columns);
    const count = (end - start) / columns;
    if (kernels.compiled.hasRowAmiss(address(start, end), count, columns, sumTolerance) !== 0) return true;
  }
  return false;
}

/** As above, of rows of which a block holds none. */
function hasLongRowAmiss(probabilities: Float64Array, columns: number): boolean {
  for (let start = 0; start < probabilities.length; start += columns) {
    const row = probabilities.subarray(start, start + columns);
    if (hasOutside(row, 0, 1) || Math.abs(sumOf(row) - 1) > sumTolerance) return true;
  }
  return false;
}

function outsideFault(given: Given): Figure {
  const { ids, labels } = given;
  const probabilities = probabilitiesOf(given);
  const named = namedRows(
    { ids, columns: labels.length },
    (cell) => !(probabilities[cell]! >= 0 && probabilities[cell]! <= 1),
  );
  return undefinedBecause(`probabilities must be from 0 to 1; not so for ${named!}`);
}

function offDoubts(given: Given): string[] {
  const { ids, labels } = given;
  const probabilities = probabilitiesOf(given);
  const named = namedSamples(ids, (sample) => {
    const row = probabilities.subarray(sample * labels.length, (sample + 1) * labels.length);
    const off = Math.abs(row.reduce((sum, value) => sum + value, 0) - 1);
    return off > sumTolerance && !(off <= sumTolerance + halfRounding(labels.length) && row.every(isHalf));
  });
  // Added up in another order a sum may be within, and rounded to float16 it may be off.
  if (named === null) return [];
  return [`probabilities should sum to 1 and are taken as they are; not so for ${named}`];
}

/**
 * How far rounding to float16 takes so many probabilities that sum to 1 from that, at most: each by 2^-11 of itself, or by 2^-25 below
 * the least normal number (Higham 2002, Accuracy and Stability of Numerical Algorithms, theorem 2.2 and the gap of subnormal numbers).
 */
function halfRounding(columns: number): number {
  return 2 ** -11 + columns * 2 ** -25;
}

const leastNormalExponent = -14;
const fractionBits = 10;

/** Whether a number from 0 to 1 is one of float16. */
function isHalf(value: number): boolean {
  const exponent = Math.max(leastNormalExponent, Math.floor(Math.log2(value)));
  return Number.isInteger(value / 2 ** (exponent - fractionBits));
}

function requireKnownLabels(given: Given, column: 'expected' | 'predicted'): void {
  const { ids, labels } = given;
  const indices = given[column];
  if (!hasForeignIndex(indices, labels.length)) return;
  const isUnknown = (sample: number): boolean => !(indices[sample]! >= 0 && indices[sample]! < labels.length);
  throw new AssayError(
    'dataset-invalid',
    `Unknown ${column} label of ${namedSamples(ids, isUnknown)!}; accepted are indices of: ${labels.join(', ')}.`,
  );
}
