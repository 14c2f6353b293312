import { dampened, inverseFactor, type SquareMatrix } from './cholesky.ts';

/** Which weights of an output become zero: `keep` of each `of` neighbours stay, or a share of all goes. */
export type SparsityPattern = { kind: 'n-m'; keep: number; of: number } | { kind: 'share'; sparsity: number };

/** Weights of a linear map, [outputs][features]. */
interface LinearWeights {
  features: number;
  data: Float64Array;
}

/** Where the weights of a linear map are stored: that of a feature for an output at `offsets[feature] + output * step`. */
export interface WeightLayout {
  outputs: number;
  offsets: Int32Array;
  step: number;
}

/** Share of the mean of the Hessian's diagonal that is added to it, as in SparseGPT. */
const damping = 0.01;
/** Features whose weights SparseGPT compares with each other. */
const blockFeatures = 128;

/**
 * Zeros the weights with the smallest magnitude times `norms` of their feature, compared within each output (Wanda, Sun et al.
 * 2023; without norms it is magnitude). The others stay as they are; of equal ones the later go.
 */
export function zeroSmallest(
  values: Float32Array,
  { outputs, offsets, step }: WeightLayout,
  { pattern, norms }: { pattern: SparsityPattern; norms: Float64Array | null },
): void {
  const scores = new Float64Array(offsets.length);
  const mask = new Uint8Array(offsets.length);
  for (let output = 0; output < outputs; output++) {
    const base = output * step;
    for (let feature = 0; feature < scores.length; feature++)
      scores[feature] = Math.abs(values[base + offsets[feature]!]!) * (norms === null ? 1 : norms[feature]!);
    markDoomed(scores, pattern, mask);
    for (let feature = 0; feature < scores.length; feature++)
      if (mask[feature] === 1) values[base + offsets[feature]!] = 0;
  }
}

/** Sets the mask to 1 for the scores that go, else to 0. */
function markDoomed(scores: Float64Array, pattern: SparsityPattern, mask: Uint8Array): void {
  if (pattern.kind === 'share') {
    markByRank(scores, Math.round(scores.length * pattern.sparsity), mask);
    return;
  }
  const { keep, of } = pattern;
  mask.fill(0);
  for (let from = 0; from + of <= scores.length; from += of) {
    for (let gone = keep; gone < of; gone++) mask[lowestLeft(scores, mask, { from, to: from + of })] = 1;
  }
}

/** Of equal ones the last. */
function lowestLeft(scores: Float64Array, mask: Uint8Array, { from, to }: Block): number {
  let lowest = -1;
  for (let at = from; at < to; at++)
    if (mask[at] === 0 && (lowest === -1 || scores[at]! <= scores[lowest]!)) lowest = at;
  return lowest;
}

function markByRank(scores: Float64Array, count: number, mask: Uint8Array): void {
  mask.fill(0);
  if (count === 0) return;
  const sorted = scores.slice().sort();
  const threshold = sorted[count - 1]!;
  let ties = count - sorted.indexOf(threshold);
  for (let at = scores.length - 1; at >= 0; at--) {
    const score = scores[at]!;
    if (score < threshold || (score === threshold && ties-- > 0)) mask[at] = 1;
  }
}

/**
 * SparseGPT (Frantar and Alistarh 2023): zeros the weights whose loss hurts the outputs least and moves each error on to the
 * weights of later features, by the Gram matrix of the features. False, and nothing changed, where no damping makes it positive
 * definite.
 */
export function zeroByHessian(
  values: Float32Array,
  { outputs, offsets, step }: WeightLayout,
  { pattern, gram }: { pattern: SparsityPattern; gram: SquareMatrix },
): boolean {
  const inverse = inverseFactor(dampened(gram, damping));
  if (inverse === null) return false;
  const features = offsets.length;
  const data = new Float64Array(outputs * features);
  const placeOf = (at: number): number => offsets[at % features]! + Math.floor(at / features) * step;
  for (let at = 0; at < data.length; at++) data[at] = values[placeOf(at)]!;
  zeroRows({ features, data }, pattern, inverse);
  for (let at = 0; at < data.length; at++) values[placeOf(at)] = data[at]!;
  return true;
}

function zeroRows(weights: LinearWeights, pattern: SparsityPattern, inverse: SquareMatrix): void {
  const step = pattern.kind === 'n-m' ? pattern.of : blockFeatures;
  for (let from = 0; from < weights.features; from += step) {
    const block = { from, to: Math.min(weights.features, from + step) };
    const mask = maskOf(weights, { block, pattern, inverse });
    for (let start = 0; start < weights.data.length; start += weights.features) {
      const row = weights.data.subarray(start, start + weights.features);
      clearRow(row, mask.subarray((start / weights.features) * (block.to - from)), { block, inverse });
    }
  }
}

interface Block {
  from: number;
  to: number;
}

/** 1 for each weight of a block that goes, [outputs][block]: a share is taken of all outputs together, n of m of each. */
function maskOf(
  { features, data }: LinearWeights,
  { block, pattern, inverse }: { block: Block; pattern: SparsityPattern; inverse: SquareMatrix },
): Uint8Array {
  const width = block.to - block.from;
  const outputs = data.length / features;
  const scores = new Float64Array(outputs * width);
  for (let index = 0; index < scores.length; index++) {
    const feature = block.from + (index % width);
    const weight = data[Math.floor(index / width) * features + feature]!;
    scores[index] = (weight / inverse.data[feature * inverse.size + feature]!) ** 2;
  }
  const mask = new Uint8Array(scores.length);
  markDoomed(scores, pattern, mask);
  return mask;
}

function clearRow(
  row: Float64Array,
  mask: Uint8Array,
  { block, inverse: { size, data } }: { block: Block; inverse: SquareMatrix },
): void {
  for (let feature = block.from; feature < block.to; feature++) {
    if (mask[feature - block.from] === 0) continue;
    const share = row[feature]! / data[feature * size + feature]!;
    for (let other = feature + 1; other < size; other++) {
      row[other] = row[other]! - share * data[feature * size + other]!;
    }
    row[feature] = 0;
  }
}
