import type { Interval, VerdictName } from '../verdict.ts';

/** What a variant lost against its baseline; every figure in the same unit, positive is worse. */
export interface Loss {
  estimate: number;
  /** Null where none could be made. */
  interval: Interval | null;
  /** The loss that is tolerated, >= 0. */
  margin: number;
  /** The confidence level the interval must have for a decision. */
  level: number;
  /** How a figure is written in the reason, e.g. `(loss) => `${(loss * 100).toFixed(2)} %``. */
  format: (loss: number) => string;
}

export interface Verdict {
  verdict: VerdictName;
  /** One sentence with the figures the verdict follows from. */
  reason: string;
}

/**
 * The one decision on quality; latency has a rule of its own (`results/compare-latency.ts`). `improved`: the interval lies below
 * 0. `pass`: its upper end is within the margin. `regressed`: its lower end is beyond it. `inconclusive`: anything else, and any
 * interval of a lower level than asked.
 */
export function judge(loss: Loss): Verdict {
  if (loss.interval === null)
    return { verdict: 'inconclusive', reason: 'There is too little data for an interval.' };
  if (loss.interval.level < loss.level - 1e-9)
    return { verdict: 'inconclusive', reason: tooWeak(loss, loss.interval) };
  const verdict = decide(loss, loss.interval);
  return { verdict, reason: `${figures(loss, loss.interval)} ${consequence(verdict, loss, loss.interval)}` };
}

function decide({ margin }: Loss, { low, high }: Interval): VerdictName {
  if (high < 0) return 'improved';
  if (high <= margin) return 'pass';
  return low > margin ? 'regressed' : 'inconclusive';
}

function figures({ estimate, format }: Loss, { low, high, level }: Interval): string {
  return `The loss is ${format(estimate)}, ${percent(level)} interval ${format(low)} to ${format(high)}:`;
}

function consequence(verdict: VerdictName, { margin, format }: Loss, { low }: Interval): string {
  const limit = format(margin);
  const subject = low > 0 ? 'it is a loss, and' : 'it';
  const sentences = {
    improved: 'all of it is a gain.',
    pass: `all of it is within the margin of ${limit}.`,
    regressed: `all of it is beyond the margin of ${limit}.`,
    inconclusive: `${subject} holds values on both sides of the margin of ${limit}.`,
  } as const satisfies Record<VerdictName, string>;
  return sentences[verdict];
}

function tooWeak({ level }: Loss, { level: attained }: Interval): string {
  return `So little data supports an interval of ${percent(attained)} confidence at most; the policy asks for ${percent(level)}.`;
}

function percent(share: number): string {
  return `${Number((share * 100).toPrecision(4))} %`;
}
