import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { grid } from './simulation/grid.ts';
import { alphas, ratesSchema } from './simulation/rates.ts';

const halfPoint = 0.005;
const rates = ratesSchema.parse(
  JSON.parse(readFileSync(new URL('simulation/rates.json', import.meta.url), 'utf8')),
);

test('every point of the grid has been simulated', () => {
  const asked = grid.flatMap(({ population: { name }, metrics, sizes, margin = 'absolute' }) =>
    metrics.flatMap((metric) => sizes.map((samples) => [name, metric, margin, samples].join())),
  );
  const known = rates.map((row) => [row.population, row.metric, row.margin, row.samples].join());
  expect(known.toSorted()).toEqual(asked.toSorted());
});

test.each([...alphas.entries()])(
  'no simulated point is judged wrongly more often than promised (%i: alpha %d)',
  (index, alpha) => {
    const rateOf = ({ passes, regressions, runs }: (typeof rates)[number]): number =>
      Math.max(passes[index] ?? NaN, regressions[index] ?? NaN) / runs;
    expect(rates.filter((row) => !(rateOf(row) <= alpha / 2 + halfPoint))).toEqual([]);
  },
);
