import { expect, test } from 'vitest';
import { judgeAtLooks } from '../../results/judge-at-looks.ts';
import { twoPercentDesign as design } from '../../runners/calibrate/two-percent-design.ts';

/** Variants whose processes differ hardly, and one that jumps between far below and far above the margin. */
const steady = (shift: number) => (process: number) => shift + process * 1e-6;
const jumpy = (process: number): number => 0.1 + 0.3 * Math.cos(2 * process);

test('a variant that is decided runs in no further process; one that is not runs to the last look', () => {
  const found = judgeAtLooks((process) => [steady(0.02)(process), jumpy(process)], {
    ...design,
    comparisons: 2,
  });
  expect(found.map(({ verdict, shifts }) => [verdict, shifts.length])).toEqual([
    ['regressed', 10],
    ['inconclusive', 28],
  ]);
});

test('no process is drawn beyond those there are, whose last look stands', () => {
  const drawn: number[] = [];
  const draw = (process: number): number[] => {
    drawn.push(process);
    return [jumpy(process)];
  };
  const [judged] = judgeAtLooks(draw, design, 19);
  expect(judged).toMatchObject({ verdict: 'inconclusive', shifts: { length: 14 } });
  expect(drawn).toHaveLength(14);
  expect(judgeAtLooks(draw, design, 9)).toEqual([]);
});
