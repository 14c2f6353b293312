import { AssayError, exitCodes } from '../../core/errors.ts';
import type { StoredRun } from '../../results/read-runs.ts';
import { undefinedMetrics } from '../../results/undefined-metrics.ts';
import { chooseRecords, targetOf, type ChosenGroup } from '../../site/views/choose-records.ts';
import type { CommandResult } from '../command.ts';
import { isCompared, type JudgedVariant } from '../reporters/change-text.ts';
import { type ComparedVariant, formatComparison } from '../reporters/comparison.ts';
import type { Undefined } from '../reporters/join-undefined.ts';

/** `assay compare [run]`: what changed of each variant against its baseline, on the same samples. Whether that passes, the gate says. */
export function compareVariants(stored: StoredRun): CommandResult {
  const groups = chooseRecords([stored]).flatMap((chosen) => {
    const { subject } = chosen;
    const variants = comparedIn(chosen);
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

/** The variants that were evaluated, each with the metrics that it or the baseline has no value of. */
function comparedIn({ group, cells }: ChosenGroup): ComparedVariant[] {
  const all = group?.record.variants ?? [];
  const undefinedOf = ({ variant: { name } }: JudgedVariant): Undefined[] =>
    undefinedMetrics(cells.get(name)?.record).map((metric) => ({ variant: name, metric }));
  const before = all.filter(({ variant }) => variant.isBaseline).flatMap(undefinedOf);
  return all
    .filter((judged) => !judged.variant.isBaseline)
    .filter((judged) => isCompared(judged) || undefinedOf(judged).length > 0)
    .map((judged) => ({ ...judged, unjudged: [...before, ...undefinedOf(judged)] }));
}

function dataOf(compared: ComparedVariant): object {
  const { quality, flips, distance, distanceReason, slices } = compared;
  const unjudged = compared.unjudged.map(({ variant, metric: { id, reason } }) => ({
    metric: id,
    variant,
    reason,
  }));
  return { variant: compared.variant.name, quality, unjudged, flips, distance, distanceReason, slices };
}
