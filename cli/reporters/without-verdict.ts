import type { StoredRun } from '../../results/read-runs.ts';
import { formatTarget } from '../../results/target-schema.ts';
import type { CommandError } from '../command.ts';
import { joinedLines, type Told } from './joined-lines.ts';

const hint = 'correct the model or the data that the reason names, or let the suite judge by another metric.';

/** Why the first metric of cells, by which verdicts go, has no value: nobody knows then how good they are. */
export function withoutVerdict({ records }: Pick<StoredRun, 'records'>): CommandError[] {
  const told = records.flatMap(({ record }): Told[] => {
    if (record.kind !== 'cell' || record.outcome.status !== 'measured') return [];
    const [first] = record.outcome.metrics;
    if (first?.value !== null) return [];
    const { model, target } = record.subject;
    const place = { model: model.id, target: formatTarget(target), variant: record.variant.name };
    return [{ ...place, text: `${first.label} has no value: ${first.reason ?? 'no reason was given'}.` }];
  });
  return joinedLines(told).map((line) => ({ code: 'undefined', message: `No verdict on ${line}`, hint }));
}
