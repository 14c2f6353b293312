import type { Figure } from '../metric.ts';

/** A value, with what may make it mislead. */
export function valued(value: number, doubts: readonly string[] = []): Figure {
  return { value, reason: null, doubts };
}

/** No value, and why. */
export function undefinedBecause(reason: string): Figure {
  return { value: null, reason, doubts: [] };
}

/** A figure with more that may make it mislead. */
export function doubted(figure: Figure, doubts: readonly string[]): Figure {
  return doubts.length === 0 ? figure : { ...figure, doubts: [...figure.doubts, ...doubts] };
}
