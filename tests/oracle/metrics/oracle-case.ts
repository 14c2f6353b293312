/** A value as `stream.py` writes it: null where the oracle has none, infinities by name. */
export type Answer = number | string | null | readonly Answer[];

/** A random input, and what the oracle says of it by metric. */
export interface OracleCase<Given = unknown> {
  given: Given;
  answers: Readonly<Record<string, Answer>>;
}

/** Assay's answers about one input, by the same names. */
export type Answerer<Given> = (given: Given) => (name: string) => Answer;

/** Ids of so many samples. */
export function idsOf(count: number): string[] {
  return Array.from({ length: count }, (_, sample) => `s${sample}`);
}

/** Weights as typed array, where there are any. */
export function weightsOf(weights: readonly number[] | null): { weights?: Float64Array } {
  return weights === null ? {} : { weights: Float64Array.from(weights) };
}
