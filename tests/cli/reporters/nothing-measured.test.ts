import { expect, test } from 'vitest';
import { sha256 } from '../../../core/hash.ts';
import { nothingMeasured } from '../../../cli/reporters/nothing-measured.ts';
import type { QualityOutcome } from '../../../results/schema.ts';
import { makeCell, makeSubject } from '../../fakes/stored-runs.ts';

function hintOf(
  ...codes: ('out-of-memory' | 'timeout' | 'crashed' | 'error' | 'unavailable' | 'not-applicable')[]
): string | null {
  const records = codes.map((code) => {
    const outcome: QualityOutcome =
      code === 'unavailable' || code === 'not-applicable'
        ? { status: 'skipped', code, reason: 'a reason' }
        : { status: 'failed', code, reason: 'a reason', stderrTail: null };
    return { file: 'cell.json', record: makeCell({ outcome }) };
  });
  return nothingMeasured({ records })[0]?.hint ?? null;
}

test('where nothing was measured, the next step goes by why', () => {
  expect(hintOf('crashed', 'out-of-memory')).toMatch(/--memory-limit.*--workers/);
  expect(hintOf('timeout')).toContain('--cell-timeout');
  expect(hintOf('unavailable', 'error')).toMatch(/^correct what the reasons name/);
  expect(hintOf('not-applicable')).toContain('onnxruntime/cpu');
  for (const codes of [['unavailable'], ['not-applicable', 'unavailable'], ['crashed'], []] as const)
    expect(hintOf(...codes)).toContain('assay doctor');
});

test('of several suites, those of which nothing was measured are named', () => {
  const skipped = { status: 'skipped', code: 'not-applicable', reason: 'no float16' } as const;
  const cellOf = (id: string, outcome?: QualityOutcome) => {
    const subject = makeSubject({ suite: { id, title: id, hash: sha256(id) } });
    return { file: 'cell.json', record: makeCell({ subject, ...(outcome && { outcome }) }) };
  };
  const records = [cellOf('cars'), cellOf('cars', skipped), cellOf('digits', skipped)];
  expect(nothingMeasured({ records }).map(({ message }) => message)).toEqual([
    'Nothing of suite digits was measured.',
  ]);
  expect(nothingMeasured({ records: records.slice(0, 2) })).toEqual([]);
});
