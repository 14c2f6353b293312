import type { Margin } from '../../results/policy.ts';

/** A parser of tolerated losses: `1%` of the baseline, or `0.01` in the unit of the metric. */
export function lossMargin(text: string): Margin {
  const [, digits = '', percent = ''] = /^(\d+(?:\.\d+)?)\s*(%?)$/.exec(text) ?? [];
  const value = Number(digits);
  if (digits !== '' && value <= 1000)
    return percent === '' ? { kind: 'absolute', value } : { kind: 'relative', value: value / 100 };
  throw new Error(`"${text}" is not a loss, such as 1% of the baseline, or 0.01 in the unit of the metric`);
}
