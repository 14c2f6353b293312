import { AssayError, exitCodes } from '../../core/errors.ts';
import { lostMetrics } from '../../results/lost-metrics.ts';
import type { StoredRun } from '../../results/read-runs.ts';
import { chooseRecords, targetOf } from '../../site/views/choose-records.ts';
import type { CommandResult } from '../command.ts';
import { isCompared } from '../reporters/change-text.ts';
import { type ComparedVariant, formatComparison } from '../reporters/comparison.ts';

/** `assay compare [run]`: what changed of each variant against its baseline, on the same samples. Whether that passes, the gate says. */
export function compareVariants(stored: StoredRun): CommandResult {
  const groups = chooseRecords([stored]).flatMap(({ subject, group, cells }) => {
    const all = group?.record.variants ?? [];
    const baseline = all.find(({ variant }) => variant.isBaseline)?.variant.name ?? '';
    const variants = all.filter(isCompared).map((judged) => ({
      ...judged,
      lost: lostMetrics(cells.get(baseline)?.record, cells.get(judged.variant.name)?.record),
    }));
    const names = { suite: subject.suite.id, model: subject.model.id, target: targetOf(subject) };
    return variants.length === 0 ? [] : [{ ...names, variants }];
  });
  if (groups.length === 0) {
    const message = `Run ${stored.run.id} holds no variant beside its baseline.`;
    throw new AssayError('nothing-measured', message, { hint: 'name variants in a suite, then assay run' });
  }
  return {
    exitCode: exitCodes.pass,
    data: {
      run: stored.run.id,
      groups: groups.map(({ variants, ...names }) => ({ ...names, variants: variants.map(dataOf) })),
    },
    text: groups.map(formatComparison).join('\n'),
  };
}

function dataOf(compared: ComparedVariant): object {
  const { variant, quality, lost, flips, distance, distanceReason, slices } = compared;
  const unjudged = lost.map(({ id, reason }) => ({ metric: id, reason }));
  return { variant: variant.name, quality, unjudged, flips, distance, distanceReason, slices };
}
