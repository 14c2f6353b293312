import { dampened, inverseFactor, type SquareMatrix } from './cholesky.ts';

/** Which weights of an output become zero: `keep` of each `of` neighbours stay, or a share of all goes. */
export type SparsityPattern = { kind: 'n-m'; keep: number; of: number } | { kind: 'share'; sparsity: number };

/** Weights of a linear map, [outputs][features]. */
export interface LinearWeights {
  features: number;
  data: Float64Array;
}

/** Share of the mean of the Hessian's diagonal that is added to it, as in SparseGPT. */
const damping = 0.01;
/** Features whose weights SparseGPT compares with each other. */
const blockFeatures = 128;

/**
 * Zeros the weights with the smallest magnitude times `norms` of their feature, compared within each output (Wanda, Sun et al.
 * 2023; with norms of 1 it is magnitude). The others stay as they are.
 */
export function zeroSmallest(
  { features, data }: LinearWeights,
  pattern: SparsityPattern,
  norms: Float64Array,
): void {
  for (let start = 0; start < data.length; start += features) {
    const row = data.subarray(start, start + features);
    const scores = row.map((weight, feature) => Math.abs(weight) * norms[feature]!);
    for (const feature of doomed(scores, pattern)) row[feature] = 0;
  }
}

/** Indices of the lowest scores; of equal ones the later go. */
function doomed(scores: Float64Array, pattern: SparsityPattern): number[] {
  if (pattern.kind === 'share') return lowestOf(scores, 0, Math.round(scores.length * pattern.sparsity));
  const { keep, of } = pattern;
  const groups = Math.floor(scores.length / of);
  return Array.from({ length: groups }, (_, group) =>
    lowestOf(scores.subarray(group * of, (group + 1) * of), group * of, of - keep),
  ).flat();
}

function lowestOf(scores: Float64Array, offset: number, count: number): number[] {
  const ranked = [...scores.keys()].sort((a, b) => scores[a]! - scores[b]! || b - a);
  return ranked.slice(0, count).map((index) => index + offset);
}

/**
 * SparseGPT (Frantar and Alistarh 2023): zeros the weights whose loss hurts the outputs least and moves each error on to the
 * weights of later features, by the Gram matrix of the features. False where no damping makes it positive definite.
 */
export function zeroByHessian(weights: LinearWeights, pattern: SparsityPattern, gram: SquareMatrix): boolean {
  const inverse = inverseFactor(dampened(gram, damping));
  if (inverse === null) return false;
  const step = pattern.kind === 'n-m' ? pattern.of : blockFeatures;
  for (let from = 0; from < weights.features; from += step) {
    const block = { from, to: Math.min(weights.features, from + step) };
    const mask = maskOf(weights, { block, pattern, inverse });
    for (let start = 0; start < weights.data.length; start += weights.features) {
      const row = weights.data.subarray(start, start + weights.features);
      clearRow(row, mask.subarray((start / weights.features) * (block.to - from)), { block, inverse });
    }
  }
  return true;
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
  for (const index of doomed(scores, pattern)) mask[index] = 1;
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
