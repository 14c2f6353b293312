import type { Foresight } from '../../runners/check-targets.ts';
import { formatCount } from '../../site/views/format.ts';
import type { CommandError } from '../command.ts';
import { hintAgainst } from './nothing-measured.ts';

/** Of each suite whose cells will all be skipped, so that a run of it would end with 4, an error by its id. */
export function nothingToMeasure(
  suites: readonly { id: string; cells: number }[],
  foresights: readonly Foresight[],
): ReadonlyMap<string, CommandError> {
  const skipped = Map.groupBy(
    foresights.filter(({ means }) => means === 'skipped'),
    ({ suiteId }) => suiteId,
  );
  return new Map(
    suites.flatMap(({ id, cells }) => {
      const ofSuite = skipped.get(id) ?? [];
      return ofSuite.length < cells ? [] : [[id, nothing(id, ofSuite)] as const];
    }),
  );
}

function nothing(id: string, skipped: readonly Foresight[]): CommandError {
  const cells = skipped.length === 1 ? 'its only cell' : `all of its ${formatCount(skipped.length, 'cell')}`;
  const message = `Nothing of suite ${id} would be measured: ${cells} will be skipped.`;
  return { code: 'nothing-measured', message, hint: hintAgainst(skipped.map(({ code }) => code)) };
}
