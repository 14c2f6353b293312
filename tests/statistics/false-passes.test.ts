import { expect, test } from 'vitest';
import { falsePasses, populations } from './false-passes.ts';

const nominal = 0.025;
const halfPoint = 0.005;

const grid = populations.flatMap((population) =>
  population.sizes.map((samples) => ({ ...population, samples })),
);

test.each(grid)(
  'a variant as bad as the margin by $name on $samples samples passes no more often than promised',
  { timeout: 120_000 },
  ({ draw, samples, runs }) => {
    const standardError = Math.sqrt((nominal * (1 - nominal)) / runs);
    const rate = falsePasses(draw(), { samples, runs }) / runs;
    expect(rate).toBeLessThan(nominal + halfPoint + 3 * standardError);
  },
);
