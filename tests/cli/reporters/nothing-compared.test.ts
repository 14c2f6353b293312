import { expect, test } from 'vitest';
import { formatNothingCompared } from '../../../cli/reporters/nothing-compared.ts';
import type { QualityOutcome } from '../../../results/schema.ts';
import { makeCell } from '../../fakes/stored-runs.ts';

const skipped = { status: 'skipped', code: 'not-applicable', reason: 'no heads' } as const;
const { variant } = makeCell();

function told(...cells: readonly { isBaseline: boolean; outcome?: QualityOutcome }[]): string {
  const records = cells.map(({ isBaseline, outcome }) => {
    const record = makeCell({ variant: { ...variant, isBaseline }, ...(outcome && { outcome }) });
    return { file: 'cell.json', record };
  });
  return formatNothingCompared({ records });
}

test('where every variant beside a measured baseline was skipped it is said that a gate will not pass', () => {
  expect(told({ isBaseline: true }, { isBaseline: false, outcome: skipped })).toMatch(
    /^\nNothing of suite \S+ was compared: every variant was skipped, so that assay gate ends with 4\./,
  );
  // Nobody asked for variants, or nothing was measured, which is told elsewhere.
  expect(told({ isBaseline: true })).toBe('');
  expect(told({ isBaseline: true, outcome: skipped }, { isBaseline: false, outcome: skipped })).toBe('');
});
