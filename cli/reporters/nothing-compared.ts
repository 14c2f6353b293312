import { baselineVariant } from '../../models/variant.ts';
import type { StoredRun } from '../../results/read-runs.ts';
import { nothingCompared } from '../../results/uncompared.ts';
import type { Foresight } from '../../runners/check-targets.ts';
import type { PlannedSuite } from '../../runners/plan.ts';

/** Of each suite whose variants were all skipped and whose baseline was not: a run passes with it, a gate does not. */
export function formatNothingCompared({ records }: Pick<StoredRun, 'records'>): string {
  const suites = Map.groupBy(
    records.map(({ record }) => record),
    ({ subject }) => subject.suite.id,
  );
  return [...suites]
    .filter(([id, ofSuite]) => {
      const cells = ofSuite.filter((record) => record.kind === 'cell');
      const variants = cells.filter(({ variant }) => !variant.isBaseline);
      return (
        cells.some(({ outcome }) => outcome.status === 'measured') &&
        variants.some(({ outcome }) => outcome.status === 'skipped') &&
        nothingCompared(id, ofSuite).length > 0
      );
    })
    .map(([id]) => nothingOf(id, 'was compared', 'was skipped'))
    .join('');
}

/** The same before anything is measured, as far as it shows by then. */
export function formatNothingToCompare(
  planned: readonly PlannedSuite[],
  foresights: readonly Foresight[],
): string {
  const isSkipped = ({ means }: Foresight): boolean => means === 'skipped';
  return planned
    .filter(({ loaded: { suite }, groups }) => {
      const cells = groups.flatMap((group) => group.cells);
      const variants = cells.filter(({ variant }) => variant !== baselineVariant);
      const skipped = foresights.filter((one) => one.suiteId === suite.id && isSkipped(one));
      const ofVariants = skipped.filter(({ variant }) => variant !== baselineVariant);
      const isWithout = variants.length > 0 && ofVariants.length === variants.length;
      return isWithout && skipped.length < cells.length && suite.scenarios === undefined;
    })
    .map(({ loaded: { suite } }) => nothingOf(suite.id, 'would be compared', 'will be skipped'))
    .join('');
}

function nothingOf(id: string, compared: string, skipped: string): string {
  return `\nNothing of suite ${id} ${compared}: every variant ${skipped}, so that assay gate ends with 4. Next: assay explain tells which variants a model takes.\n`;
}
