import type { PassParameters } from './pass.ts';

/** How a pass is written in the name of a variant. */
export interface NameForm {
  /** For users. */
  shown: string;
  /** The plainest first. */
  examples: readonly string[];
  pattern: RegExp;
  /** Why a match of the pattern stands for nothing, after the name; null where it stands for something. */
  refusal?(groups: Readonly<Record<string, string | undefined>>): string | null;
  /** What a match of the pattern stands for. */
  parameters(groups: Readonly<Record<string, string | undefined>>): PassParameters;
  /** The name these parameters are read from, but for nodes left out: of those it holds a hash only. */
  name(parameters: PassParameters): string;
}

/** A share of 0.5 as 50. */
export function percentOf(share: PassParameters[string] | undefined): number {
  return Math.round(Number(share) * 100);
}
