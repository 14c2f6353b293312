type Numbers = Float64Array | readonly number[];

export function sum(values: Numbers): number {
  let total = 0;
  for (let index = 0; index < values.length; index++) total += values[index]!;
  return total;
}

/** Arithmetic mean; NaN of nothing. */
export function mean(values: Numbers): number {
  return sum(values) / values.length;
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
