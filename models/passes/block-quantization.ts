/** How weights become a few bits each, with a scale and a zero point for every block of a column. */
export interface BlockSettings {
  bits: 2 | 4 | 8;
  /** Weights along the reduced axis that share a scale; a power of two from 16. */
  blockSize: number;
  /** Whether the zero point is the middle level rather than fitted to each block. */
  isSymmetric: boolean;
}

/** A weight in levels: about `(level - zeroPoint) * scale`, a byte for each however few bits it needs. */
export interface BlockLevels {
  /** [columns][blocks * block size]; zero after the last row. */
  levels: Uint8Array;
  /** [columns][blocks] */
  scales: Float32Array;
  /** [columns][blocks] */
  zeroPoints: Uint8Array;
}

/** A weight of a product, one column after the other: [columns][rows], reduced over the rows. */
export interface Columns {
  rows: number;
  data: Float32Array;
}

/** Blocks that hold `rows` weights. */
export function blockCount(rows: number, blockSize: number): number {
  return Math.ceil(rows / blockSize);
}

/** Room for the levels of a weight. */
export function emptyLevels({ rows, data }: Columns, { blockSize }: BlockSettings): BlockLevels {
  const blocks = blockCount(rows, blockSize) * (data.length / rows);
  return {
    levels: new Uint8Array(blocks * blockSize),
    scales: new Float32Array(blocks),
    zeroPoints: new Uint8Array(blocks),
  };
}

/**
 * Rounds to the nearest level, bit-equal to `MatMulNBitsQuantizer` of onnxruntime 1.30 (Python): every step rounded to float32,
 * ties away from zero. A block that holds a NaN, an infinity or a range above the largest float32 gets a scale that is not finite.
 */
export function quantizeBlocks(weight: Columns, settings: BlockSettings): BlockLevels {
  const found = emptyLevels(weight, settings);
  forEachBlock(weight, settings, ({ block, start, values }) => {
    const grid = fitGrid(values, settings);
    found.scales[block] = grid.scale;
    found.zeroPoints[block] = grid.zeroPoint;
    roundInto(found.levels.subarray(start), values, grid);
  });
  return found;
}

/** Where one block lies in `BlockLevels`, and its weights. */
interface Block {
  /** Into scales and zero points. */
  block: number;
  /** Into levels. */
  start: number;
  values: Float32Array;
}

/** Visits the blocks, column by column. */
export function forEachBlock(
  { rows, data }: Columns,
  { blockSize }: BlockSettings,
  visit: (block: Block) => void,
): void {
  const blocks = blockCount(rows, blockSize);
  for (let block = 0; block * rows < data.length * blocks; block++) {
    const column = Math.floor(block / blocks);
    const row = (block % blocks) * blockSize;
    const from = column * rows;
    const values = data.subarray(from + row, from + Math.min(rows, row + blockSize));
    visit({ block, start: block * blockSize, values });
  }
}

/** What turns the weights of a block into levels. */
export interface Grid {
  scale: number;
  zeroPoint: number;
  /** Largest level. */
  maximum: number;
}

/** The scale and zero point that reach the smallest and largest weight; with both, zero is a level. */
export function fitGrid(values: Float32Array, { bits, isSymmetric }: BlockSettings): Grid {
  let [smallest, largest] = [values[0]!, values[0]!];
  for (let index = 1; index < values.length; index++) {
    const value = values[index]!;
    // So written, a NaN is taken and stays: nothing after it is compared.
    if (!(value >= smallest) && !Number.isNaN(smallest)) smallest = value;
    if (!(value <= largest) && !Number.isNaN(largest)) largest = value;
  }
  if (smallest > 0) smallest = 0;
  if (largest < 0) largest = 0;
  const maximum = 2 ** bits - 1;
  if (!isSymmetric) return fitRange(smallest, largest, maximum);
  const middle = 2 ** (bits - 1);
  const extreme = Math.abs(largest) > Math.abs(smallest) ? largest : smallest;
  return { scale: Math.fround(extreme / -middle), zeroPoint: middle, maximum };
}

function fitRange(smallest: number, largest: number, maximum: number): Grid {
  const scale = Math.fround(Math.fround(largest - smallest) / maximum);
  const zeroPoint = scale === 0 ? smallest : -Math.fround(smallest / scale);
  return { scale, zeroPoint: clampedRound(zeroPoint, maximum), maximum };
}

/** Math.round sends ties up, which for what is not negative is away from zero. */
function clampedRound(value: number, maximum: number): number {
  return value > 0 ? Math.min(maximum, Math.round(value)) : 0;
}

/** Writes the level of each value. */
export function roundInto(levels: Uint8Array, values: Float32Array, grid: Grid): void {
  const reciprocal = reciprocalOf(grid);
  for (let index = 0; index < values.length; index++) {
    const shifted = Math.fround(Math.fround(values[index]! * reciprocal) + grid.zeroPoint);
    levels[index] = clampedRound(shifted, grid.maximum);
  }
}

function reciprocalOf({ scale }: Grid): number {
  return scale === 0 ? 0 : Math.fround(1 / scale);
}

/** The nearest level of one weight. */
export function levelOf(value: number, grid: Grid): number {
  const shifted = Math.fround(Math.fround(value * reciprocalOf(grid)) + grid.zeroPoint);
  return clampedRound(shifted, grid.maximum);
}

/** What the levels stand for, as [columns][rows]. */
export function dequantizeBlocks(
  { levels, scales, zeroPoints }: BlockLevels,
  rows: number,
  { blockSize }: BlockSettings,
): Float32Array {
  const padded = blockCount(rows, blockSize) * blockSize;
  const data = new Float32Array((levels.length / padded) * rows);
  for (let index = 0; index < data.length; index++) {
    const at = Math.floor(index / rows) * padded + (index % rows);
    const block = Math.floor(at / blockSize);
    data[index] = (levels[at]! - zeroPoints[block]!) * scales[block]!;
  }
  return data;
}

/** Levels of each run of `length` joined to bytes, the first in the lowest bits; a last byte is filled up with `filler`. */
export function packLevels(
  levels: Uint8Array,
  bits: 2 | 4 | 8,
  { length, filler }: { length: number; filler: number },
): Uint8Array {
  const perByte = 8 / bits;
  const bytes = Math.ceil(length / perByte);
  const packed = new Uint8Array((levels.length / length) * bytes);
  for (let index = 0; index < packed.length * perByte; index++) {
    const byte = Math.floor(index / perByte);
    const place = index % (bytes * perByte);
    const run = Math.floor(byte / bytes);
    const level = place < length ? levels[run * length + place]! : filler;
    packed[byte] = packed[byte]! | (level << (bits * (index % perByte)));
  }
  return packed;
}
