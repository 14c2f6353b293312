import * as z from 'zod';

const share = z.number().min(0).max(10);

/** A tolerated loss: an amount of the first metric of a suite, or a share of the baseline of each. */
export const marginSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('absolute').describe('in the unit of the metric'),
    value: z.number().min(0),
  }),
  z.strictObject({
    kind: z.literal('relative').describe('a share of the baseline, e.g. 0.01'),
    value: share,
  }),
  z.strictObject({
    kind: z.literal('mlperf').describe("MLPerf Inference's targets: a share of the baseline to be kept"),
    keep: z.enum(['99%', '99.9%']),
  }),
  z.strictObject({
    kind: z
      .literal('errors')
      .describe('how many more samples may be wrong; for metrics that are a share of samples'),
    value: z.int().min(0),
  }),
]);

/** What wrong verdicts are checked up to (`docs/comparison.md`). */
const mostAlpha = 0.1;
const tooLargeAlpha = `takes at most ${mostAlpha}, up to where verdicts were shown to keep their promise`;

/** The limits a gate enforces. */
export const policySchema = z.strictObject({
  maxDrop: marginSchema.describe(
    'how much a variant may lose: of the first metric alone where it is "absolute" or "errors", of every metric where it is a share of the baseline',
  ),
  maxSlowdown: share.describe('the slowdown of a variant that is to be caught, e.g. 0.02 for 2 %'),
  minSpeedup: z
    .number()
    .gt(0)
    .nullable()
    .default(null)
    .describe('how many times as fast a variant must be, e.g. 1.5'),
  alpha: z
    .number()
    .gt(0)
    .max(mostAlpha, tooLargeAlpha)
    .default(0.05)
    .describe('1 - confidence level of the intervals, at most 0.1'),
  falseAlarms: z
    .number()
    .gt(0)
    .lt(0.5)
    .default(0.01)
    .describe('chance that a run calls any variant slower that is as fast as its baseline'),
});

/** As records hold it, which may be older than what is accepted now. */
export const storedPolicySchema = policySchema.extend({ alpha: z.number().gt(0).lt(0.5) });

export type Policy = z.output<typeof policySchema>;
export type Margin = z.output<typeof marginSchema>;

/** A margin as an amount in the metric's unit, or as a share of the baseline's value. */
export type PlainMargin = Extract<Margin, { kind: 'absolute' | 'relative' }>;

/** Whether a margin holds for every metric; an amount says nothing of one in another unit. */
export function isForEveryMetric({ kind }: Margin): boolean {
  return kind === 'relative' || kind === 'mlperf';
}

const mlperfShares = { '99%': 0.01, '99.9%': 0.001 } as const;

/** What a margin comes to on so many samples. */
export function plainMargin(margin: Margin, samples: number): PlainMargin {
  if (margin.kind === 'mlperf') return { kind: 'relative', value: mlperfShares[margin.keep] };
  if (margin.kind === 'errors') return { kind: 'absolute', value: margin.value / samples };
  return margin;
}
