import {
  emptyLevels,
  fitGrid,
  forEachBlock,
  roundInto,
  type BlockLevels,
  type BlockSettings,
  type Columns,
  type Grid,
} from './block-quantization.ts';

/** The norm whose sum is made small: below 1 it forgives a few weights far off for many that are near. */
const norm = 0.7;
const firstPenalty = 10;
const penaltyGrowth = 1.01;
const maxRounds = 20;

/**
 * Half-quadratic quantization (Badri and Shaji 2023): moves the grid of each block for the least sum of |error|^0.7 over
 * 20 rounds: by turns the errors that may stay (shrinkage) and the grid that fits the rest. Zero points stay whole levels, which the
 * integer kernels need, so the scale moves as well. No block ends worse by that sum than `quantizeBlocks` leaves it.
 */
export function quantizeHalfQuadratic(weight: Columns, settings: BlockSettings): BlockLevels {
  const found = emptyLevels(weight, settings);
  forEachBlock(weight, settings, ({ block, start, values }) => {
    const grid = bestGrid(values, settings);
    found.scales[block] = grid.scale;
    found.zeroPoints[block] = grid.zeroPoint;
    roundInto(found.levels.subarray(start), values, grid);
  });
  return found;
}

function bestGrid(values: Float32Array, settings: BlockSettings): Grid {
  const first = fitGrid(values, settings);
  if (first.scale === 0 || !Number.isFinite(first.scale)) return first;
  const levels = new Uint8Array(values.length);
  let [best, grid] = [first, first];
  let [lowest, penalty] = [Infinity, firstPenalty];
  for (let round = 0; round < maxRounds; round++) {
    roundInto(levels, values, grid);
    const error = errorOf(values, levels, grid);
    if (error < lowest) [best, lowest] = [grid, error];
    grid = refit({ values, levels, grid, penalty }, settings.isSymmetric);
    penalty *= penaltyGrowth;
  }
  return best;
}

function errorOf(values: Float32Array, levels: Uint8Array, { scale, zeroPoint }: Grid): number {
  let sum = 0;
  for (let index = 0; index < values.length; index++) {
    sum += Math.abs(values[index]! - (levels[index]! - zeroPoint) * scale) ** norm;
  }
  return sum;
}

interface Fit {
  values: Float32Array;
  levels: Uint8Array;
  grid: Grid;
  penalty: number;
}

/** The grid that fits the values without the errors shrinkage lets stay: the mean for the zero point, least squares for the scale. */
function refit({ values, levels, grid, penalty }: Fit, isSymmetric: boolean): Grid {
  const wanted = values.map((value, index) => {
    const error = value - (levels[index]! - grid.zeroPoint) * grid.scale;
    return value - shrunk(error / Math.abs(grid.scale), penalty) * Math.abs(grid.scale);
  });
  const zeroPoint = isSymmetric ? grid.zeroPoint : fittedZero(wanted, levels, grid);
  let [products, squares] = [0, 0];
  for (let index = 0; index < wanted.length; index++) {
    const steps = levels[index]! - zeroPoint;
    products += wanted[index]! * steps;
    squares += steps * steps;
  }
  const scale = Math.fround(products / squares);
  return Number.isFinite(scale) && scale !== 0 ? { ...grid, scale, zeroPoint } : grid;
}

function fittedZero(wanted: Float32Array, levels: Uint8Array, { scale, maximum }: Grid): number {
  let sum = 0;
  for (let index = 0; index < wanted.length; index++) sum += levels[index]! - wanted[index]! / scale;
  return Math.max(0, Math.min(maximum, Math.round(sum / wanted.length)));
}

/** Generalised soft threshold for the norm; in units of a step of the grid. */
function shrunk(error: number, penalty: number): number {
  const size = Math.abs(error);
  return Math.sign(error) * Math.max(0, size - (size + 1e-8) ** (norm - 1) / penalty);
}
