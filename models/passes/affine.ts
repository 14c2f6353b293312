import type { Range } from './histogram.ts';

/** Integer types of activations, with their lowest and highest value. */
export const integerLimits = {
  uint8: { lowest: 0, highest: 255 },
  int8: { lowest: -128, highest: 127 },
} as const;

export type ActivationType = keyof typeof integerLimits;

/** A value is `(integer - zeroPoint) * scale`. */
export interface Affine {
  /** float32. */
  scale: number;
  zeroPoint: number;
  type: ActivationType;
}

const smallestNormal = 2 ** -126;

/**
 * The scale and zero point that spread a range, widened to hold zero, over an integer type: bit-equal to
 * `compute_scale_zp` of onnxruntime 1.30 (the range's width is rounded to float32, the rest is float64 until the end).
 */
export function affineOf(range: Range, type: ActivationType): Affine {
  const { lowest, highest } = integerLimits[type];
  const low = Math.min(range.low, 0);
  const scale = Math.fround(Math.max(range.high, 0) - low) / (highest - lowest);
  if (scale < smallestNormal) return { scale: 1, zeroPoint: 0, type };
  return { scale: Math.fround(scale), zeroPoint: roundHalfEven(lowest - low / scale), type };
}

/** What a value becomes; NaN stays. */
export function integerOf(value: number, { scale, zeroPoint, type }: Affine): number {
  const { lowest, highest } = integerLimits[type];
  return Math.min(highest, Math.max(lowest, roundHalfEven(Math.fround(value / scale)) + zeroPoint));
}

/** The nearest integer, the even one of two. Exact below 2^51. */
export function roundHalfEven(value: number): number {
  const shift = 1.5 * 2 ** 52;
  return value + shift - shift;
}
