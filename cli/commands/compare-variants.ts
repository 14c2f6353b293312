import { AssayError, exitCodes } from '../../core/errors.ts';
import type { StoredRun } from '../../results/read-runs.ts';
import { chooseRecords, targetOf } from '../../site/views/choose-records.ts';
import type { CommandResult } from '../command.ts';
import { isCompared, type JudgedVariant } from '../reporters/change-text.ts';
import { formatComparison } from '../reporters/comparison.ts';

/** `assay compare [run]`: what changed of each variant against its baseline, on the same samples. Whether that passes, the gate says. */
export function compareVariants(stored: StoredRun): CommandResult {
  const groups = chooseRecords([stored]).flatMap(({ subject, group }) => {
    const variants = group?.record.variants.filter(isCompared) ?? [];
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

function dataOf({ variant, quality, flips, distance, distanceReason, slices }: JudgedVariant): object {
  return { variant: variant.name, quality, flips, distance, distanceReason, slices };
}
