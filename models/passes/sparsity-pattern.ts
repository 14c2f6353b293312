import type { Matrix } from '../onnx/kernels.ts';
import { dampened, inverseFactor, type SquareMatrix } from './cholesky.ts';
import { spansOf, timesMatrix, transposedPartOf, type Span } from './matrix-product.ts';

/** Which weights of an output become zero: `keep` of each `of` neighbours stay, or a share of all goes. */
export type SparsityPattern = { kind: 'n-m'; keep: number; of: number } | { kind: 'share'; sparsity: number };

/** Weights of a linear map, [features][outputs]. */
interface LinearWeights {
  features: number;
  outputs: number;
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
function lowestLeft(scores: Float64Array, mask: Uint8Array, { from, to }: Span): number {
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
  layout: WeightLayout,
  { pattern, gram }: { pattern: SparsityPattern; gram: SquareMatrix },
): boolean {
  const inverse = inverseFactor(dampened(gram, damping));
  if (inverse === null) return false;
  const weights = {
    outputs: layout.outputs,
    features: layout.offsets.length,
    data: gathered(values, layout),
  };
  const blocks = spansOf(weights.features, pattern.kind === 'n-m' ? blockOf(pattern) : blockFeatures);
  for (const block of blocks) zeroBlock(weights, { block, inverse, pattern });
  scatter(weights.data, values, layout);
  return true;
}

/** As many whole groups of neighbours as a block has room for. */
function blockOf({ of }: { of: number }): number {
  return blockFeatures - (blockFeatures % of);
}

function gathered(values: Float32Array, { outputs, offsets, step }: WeightLayout): Float64Array {
  const data = new Float64Array(outputs * offsets.length);
  for (let feature = 0; feature < offsets.length; feature++) {
    for (let output = 0; output < outputs; output++)
      data[feature * outputs + output] = values[offsets[feature]! + output * step]!;
  }
  return data;
}

function scatter(data: Float64Array, values: Float32Array, { outputs, offsets, step }: WeightLayout): void {
  for (let feature = 0; feature < offsets.length; feature++) {
    for (let output = 0; output < outputs; output++)
      values[offsets[feature]! + output * step] = data[feature * outputs + output]!;
  }
}

interface Blocked {
  block: Span;
  inverse: SquareMatrix;
  pattern: SparsityPattern;
}

/** Errors reach the later features of the block one by one, those after it together. */
function zeroBlock(weights: LinearWeights, { block, inverse, pattern }: Blocked): void {
  const { outputs } = weights;
  const width = block.to - block.from;
  const shares = { rows: width, columns: outputs, data: new Float64Array(width * outputs) };
  const groups = pattern.kind === 'n-m' ? spansOf(width, pattern.of) : [{ from: 0, to: width }];
  for (const { from, to } of groups) {
    const group = { from: block.from + from, to: block.from + to };
    const mask = maskOf(weights, { block: group, pattern, inverse });
    for (let feature = group.from; feature < group.to; feature++) {
      const own = shares.data.subarray(
        (feature - block.from) * outputs,
        (feature - block.from + 1) * outputs,
      );
      const doomed = { feature, mask: mask.subarray(feature - group.from), step: to - from };
      clearFeature(weights, own, { doomed, inverse });
      for (let other = feature + 1; other < block.to; other++)
        moveError(weights, own, { other, weight: inverse.data[feature * inverse.size + other]! });
    }
  }
  moveBeyond(weights, shares, { block, inverse });
}

/** 1 for each weight of a block that goes, [outputs][block]: a share is taken of all outputs together, n of m of each. */
function maskOf({ outputs, data }: LinearWeights, { block, pattern, inverse }: Blocked): Uint8Array {
  const width = block.to - block.from;
  const scores = new Float64Array(outputs * width);
  for (let at = 0; at < width; at++) {
    const feature = block.from + at;
    const pivot = inverse.data[feature * inverse.size + feature]!;
    for (let output = 0; output < outputs; output++)
      scores[output * width + at] = (data[feature * outputs + output]! / pivot) ** 2;
  }
  const mask = new Uint8Array(scores.length);
  markDoomed(scores, pattern, mask);
  return mask;
}

interface Doomed {
  feature: number;
  /** Of the feature for each output, `step` apart. */
  mask: Uint8Array;
  step: number;
}

/** Zeros what goes of a feature, and keeps each weight's share of the error. */
function clearFeature(
  { outputs, data }: LinearWeights,
  shares: Float64Array,
  { doomed, inverse }: { doomed: Doomed; inverse: SquareMatrix },
): void {
  const { feature, mask, step } = doomed;
  const pivot = inverse.data[feature * inverse.size + feature]!;
  for (let output = 0; output < outputs; output++) {
    if (mask[output * step] === 0) continue;
    const at = feature * outputs + output;
    shares[output] = data[at]! / pivot;
    data[at] = 0;
  }
}

function moveError(
  { outputs, data }: LinearWeights,
  shares: Float64Array,
  { other, weight }: { other: number; weight: number },
): void {
  const target = data.subarray(other * outputs, (other + 1) * outputs);
  for (let output = 0; output < outputs; output++)
    target[output] = target[output]! - weight * shares[output]!;
}

/** Weights that change in one go: what is moved to them takes as much memory. */
const mostMoved = 2 ** 20;

function moveBeyond(
  { outputs, features, data }: LinearWeights,
  shares: Matrix,
  { block, inverse }: Omit<Blocked, 'pattern'>,
): void {
  const length = Math.max(1, Math.floor(mostMoved / outputs));
  for (const { from, to } of spansOf(features - block.to, length)) {
    const later = { from: block.to + from, to: block.to + to };
    const weights = transposedPartOf({ data: inverse.data, rowLength: inverse.size }, block, later);
    const target = data.subarray(later.from * outputs, later.to * outputs);
    const moved = timesMatrix(weights, shares);
    for (let at = 0; at < moved.length; at++) target[at] = target[at]! - moved[at]!;
  }
}
