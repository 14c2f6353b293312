/** How far apart two sets of numbers lie, in their unit. */
export interface Distance {
  mean: number;
  rootMeanSquare: number;
  max: number;
}

/** Distance of two columns of one length; null where they are empty or not finite. */
export function distanceOf(first: Float64Array, second: Float64Array): Distance | null {
  const gaps = first.map((value, index) => Math.abs(value - second[index]!));
  if (gaps.length === 0 || !gaps.every(Number.isFinite)) return null;
  const sum = gaps.reduce((total, gap) => total + gap, 0);
  const squares = gaps.reduce((total, gap) => total + gap * gap, 0);
  return {
    mean: sum / gaps.length,
    rootMeanSquare: Math.sqrt(squares / gaps.length),
    max: gaps.reduce((most, gap) => Math.max(most, gap), 0),
  };
}
