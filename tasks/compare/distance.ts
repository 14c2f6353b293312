/** How far apart two sets of numbers lie, in their unit. */
export interface Distance {
  mean: number;
  rootMeanSquare: number;
  max: number;
}

/** Why outputs have no distance. */
export interface NoDistance {
  reason: string;
}

/** Distance of two columns of finite numbers, of one length that is not 0; none where squares are beyond float64. */
export function distanceOf(first: Float64Array, second: Float64Array): Distance | NoDistance {
  const gaps = first.map((value, index) => Math.abs(value - second[index]!));
  const sum = gaps.reduce((total, gap) => total + gap, 0);
  const squares = gaps.reduce((total, gap) => total + gap * gap, 0);
  if (!Number.isFinite(squares)) return { reason: 'The outputs are too far apart for their squares.' };
  return {
    mean: sum / gaps.length,
    rootMeanSquare: Math.sqrt(squares / gaps.length),
    max: gaps.reduce((most, gap) => Math.max(most, gap), 0),
  };
}
