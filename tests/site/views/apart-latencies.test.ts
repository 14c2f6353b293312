import { expect, test } from 'vitest';
import { apartLatencies } from '../../../site/views/apart-latencies.ts';
import type { Standing } from '../../../site/views/standings.ts';
import { makeProfile, makeVariant } from '../../fakes/stored-runs.ts';

type Shown = Pick<Standing, 'profile' | 'speedUp' | 'variant'>;

const baseline: Shown = { variant: makeVariant(), profile: makeProfile(2), speedUp: null };

function variant(p50Ms: number, interval: { low: number; high: number } | null): Shown {
  return {
    variant: makeVariant({ name: 'int8-dynamic', isBaseline: false }),
    profile: makeProfile(p50Ms),
    speedUp: { value: 1, interval },
  };
}

test.each([
  [2, { low: 0.99, high: 1.01 }, []],
  [2.3, { low: 0.99, high: 1.01 }, []],
  [2.9, { low: 0.99, high: 1.01 }, ['int8-dynamic']],
  [1.5, { low: 0.99, high: 1.01 }, ['int8-dynamic']],
  [2.9, { low: 0.7, high: 1.4 }, []],
  [2.9, null, ['int8-dynamic']],
])(
  'of a baseline of 2 ms and a variant of %d ms beside a speed-up of 1 (%j), %j lie apart',
  (p50Ms, interval, apart) => {
    expect(apartLatencies([baseline, variant(p50Ms, interval)])).toEqual(apart);
  },
);

test('without a latency of either nothing lies apart', () => {
  const apart = variant(9, null);
  expect(apartLatencies([{ ...baseline, profile: null }, apart])).toEqual([]);
  expect(apartLatencies([baseline, { ...apart, profile: null }])).toEqual([]);
});
