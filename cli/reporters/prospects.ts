import { shellWord } from '../../core/shell-word.ts';
import { formatTarget } from '../../results/target-schema.ts';
import type { Subject } from '../../runners/explain/subject.ts';
import type { Prospect } from '../../runners/explain/survey-variants.ts';
import { formatNumber, formatPercent } from '../../site/views/format.ts';
import { speedWord } from './expectation-text.ts';
import { formatSituation } from './explanation.ts';
import { formatTable } from './table.ts';

/** What to expect of each pass, a row a variant. */
export function formatProspects(model: string, subject: Subject, prospects: readonly Prospect[]): string {
  const { target, profiledOn } = subject;
  const standIn =
    profiledOn === target
      ? ''
      : `${formatTarget(target)} does not run here: where the time goes is as on ${formatTarget(profiledOn)}.\n`;
  return [
    formatSituation(subject),
    standIn,
    '\n',
    formatTable(['variant', 'reached', 'latency', 'times as fast', 'why'], prospects.map(row)),
    `\nMeasure one, and see what its figure rests on: assay explain ${shellWord(model)} <variant>\n`,
  ].join('');
}

function row(prospect: Prospect): string[] {
  if (prospect.status !== 'made')
    return [prospect.variant, '-', prospect.status.replace('-', ' '), '-', prospect.reason];
  const { variant, expected, advice } = prospect;
  if (expected === null) return [variant, '-', 'not known', '-', ''];
  const { ratio, reached } = expected;
  return [
    variant,
    formatPercent(reached),
    speedWord(expected),
    ratio === null ? '-' : `${formatNumber(ratio.low, 2)} to ${formatNumber(ratio.high, 2)}`,
    advice.map(({ code, detail }) => `${code}: ${detail}`).join('; '),
  ];
}
