type Numbers = Float64Array | readonly number[];

/** Arithmetic mean; NaN of nothing. */
export function mean(values: Numbers): number {
  let sum = 0;
  for (const value of values) sum += value;
  return sum / values.length;
}

/** Variance with n - 1; NaN for fewer than two values. */
export function sampleVariance(values: Numbers): number {
  if (values.length < 2) return NaN;
  const centre = mean(values);
  let squares = 0;
  for (const value of values) squares += (value - centre) ** 2;
  return squares / (values.length - 1);
}

/** Standard error of the mean of independent values; NaN for fewer than two. */
export function standardError(values: Numbers): number {
  return Math.sqrt(sampleVariance(values) / values.length);
}
