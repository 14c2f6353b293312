import { AssayError } from '../../core/errors.ts';

/** Throws where a column does not hold one entry a sample, or a weight is not a finite number from 0. */
export function requireLengths(
  samples: number,
  weights: Float64Array | undefined,
  lengths: Readonly<Record<string, number>>,
): void {
  const columns = weights === undefined ? lengths : { ...lengths, weights: weights.length };
  for (const [column, length] of Object.entries(columns))
    if (length !== samples)
      throw new AssayError(
        'dataset-invalid',
        `${column} has ${length} rows and there are ${samples} samples.`,
      );
  const wrong = weights?.findIndex((weight) => !(weight >= 0 && weight < Infinity)) ?? -1;
  if (wrong >= 0)
    throw new AssayError(
      'dataset-invalid',
      `Weight ${weights?.[wrong]} of row ${wrong} is not a number from 0.`,
    );
}
