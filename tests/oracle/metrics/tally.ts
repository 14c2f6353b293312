import { differenceOf, tolerance } from './difference.ts';
import { families, type Family } from './families.ts';
import type { Answer, Answerer, OracleCase } from './oracle-case.ts';

/** How one metric has fared against its oracle. */
export interface Tally {
  cases: number;
  /** Cases in which there is a value, not an agreed absence of one. */
  valued: number;
  largestDifference: number;
  /** The first cases beyond the tolerance, as JSON. */
  failures: string[];
}

const keptFailures = 3;

/** Compares one case, metric by metric, into the tallies. */
export function compareCase(
  family: Family,
  { given, answers }: OracleCase,
  tallies: Map<string, Tally>,
): void {
  const answer = (families[family] as Answerer<unknown>)(given);
  for (const [name, oracle] of Object.entries(answers)) {
    const tally = tallies.get(name) ?? { cases: 0, valued: 0, largestDifference: 0, failures: [] };
    tallies.set(name, tally);
    const ours = answer(name);
    const difference = differenceOf(ours, oracle);
    tally.cases++;
    if (oracle !== null) tally.valued++;
    tally.largestDifference = Math.max(tally.largestDifference, difference);
    if (!(difference <= tolerance)) noteFailure(tally, { name, ours, oracle, given });
  }
}

function noteFailure(
  tally: Tally,
  failure: { name: string; ours: Answer; oracle: Answer; given: unknown },
): void {
  if (tally.failures.length < keptFailures) tally.failures.push(JSON.stringify(failure));
}
