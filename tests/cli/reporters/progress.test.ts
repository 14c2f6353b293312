import { expect, test } from 'vitest';
import { createProgress } from '../../../cli/reporters/progress.ts';

test.each([
  [{ cells: 1, groups: 1, scenarios: 0 }, 'run r: 1 cell in 1 group\n'],
  [{ cells: 2, groups: 1, scenarios: 1 }, 'run r: 2 cells in 1 group, 1 scenario\n'],
  [{ cells: 4, groups: 2, scenarios: 4 }, 'run r: 4 cells in 2 groups, 4 scenarios\n'],
])('a plan of %o is told in singular and plural', (counts, expected) => {
  let said = '';
  const stream = { isTTY: false, write: (text: string) => (said += text) } as unknown as NodeJS.WriteStream;
  createProgress(stream).report({ kind: 'planned', runId: 'r', ...counts });
  expect(said).toBe(expected);
});

test('a probe is told before it begins, and on a terminal until the plan is', () => {
  let said = '';
  const stream = { isTTY: true, write: (text: string) => (said += text) } as unknown as NodeJS.WriteStream;
  const { report } = createProgress(stream);
  report({ kind: 'probing', step: 'probing tfjs/webgpu' });
  expect(said).toMatch(/ probing tfjs\/webgpu$/);
  report({ kind: 'planned', runId: 'r', cells: 1, groups: 1, scenarios: 0 });
  expect(said).toMatch(/ building variants$/);
});

test.each([true, false])(
  'that more workers than cores gain nothing is told in a line that stays, %s',
  (isTTY) => {
    let said = '';
    const stream = { isTTY, write: (text: string) => (said += text) } as unknown as NodeJS.WriteStream;
    createProgress(stream).report({ kind: 'fewer-workers', asked: 64, workers: 2, cores: 2 });
    expect(said).toContain('workers  64 on 2 cores gain nothing; 2 are started\n');
  },
);
