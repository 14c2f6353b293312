import { expect, test } from 'vitest';
import type { Clock } from '../../../core/clock.ts';
import { parseVariant } from '../../../models/variant.ts';
import { rankLayers, type RankLimits } from '../../../runners/optimize/rank-layers.ts';
import type { Scorer } from '../../../runners/optimize/score-variant.ts';

const plan = parseVariant('int8-dynamic');
const layers = ['a', 'b', 'c', 'd'].map((node, index) => ({
  node,
  operator: 'MatMul',
  weights: 100 - index,
}));
const costs: Readonly<Record<string, number>> = { a: 1, b: 4, c: 2, d: 8 };
const limits: RankLimits = { mostLayers: 10, mostSamples: 10, budgetMs: 1000, both: true };

/** Each layer that is not left out adds its own cost; every score takes 100 ms. */
function additive(): { scorer: Scorer; clock: Clock; asked: string[] } {
  const asked: string[] = [];
  let now = 0;
  return {
    asked,
    clock: { nowMs: () => now, timestamp: () => '' },
    scorer: {
      distanceName: '',
      score: ({ steps }) => {
        now += 100;
        const leftOut = (steps[0]?.parameters.leftOut ?? []) as readonly string[];
        const quantized = layers.map(({ node }) => node).filter((node) => !leftOut.includes(node));
        asked.push(quantized.join(''));
        const distance = quantized.reduce((sum, node) => sum + (costs[node] ?? 0), 0);
        return Promise.resolve({ comparison: null, distance });
      },
    },
  };
}

async function rank(given: Partial<RankLimits> = {}): Promise<{ rows: unknown[]; asked: string[] }> {
  const { scorer, clock, asked } = additive();
  const found = await rankLayers(
    { plan, layers, scorer },
    { ...limits, ...given },
    { report: () => undefined, clock },
  );
  const rows = found.map(({ layer, alone, without, reason }) => [
    layer.node,
    alone?.distance ?? null,
    without?.distance ?? null,
    reason,
  ]);
  return { rows, asked };
}

test('each layer is scored alone and left out alone, and the most costly come first', async () => {
  const { rows, asked } = await rank();
  expect(rows).toEqual([
    ['d', 8, 7, null],
    ['b', 4, 11, null],
    ['c', 2, 13, null],
    ['a', 1, 14, null],
  ]);
  expect(asked).toEqual(['a', 'b', 'c', 'd', 'bcd', 'acd', 'abd', 'abc']);
});

test('of more layers than are asked for, those with the most weights are scored', async () => {
  const { rows } = await rank({ mostLayers: 2, both: false });
  expect(rows).toEqual([
    ['b', 4, null, null],
    ['a', 1, null, null],
  ]);
});

test('once the time is over no layer is begun, and what was not scored says so', async () => {
  const { rows, asked } = await rank({ budgetMs: 250 });
  expect(asked).toEqual(['a', 'b', 'c']);
  const over = 'the time ended before it was scored';
  expect(rows).toEqual([
    ['b', 4, null, over],
    ['c', 2, null, over],
    ['a', 1, null, over],
    ['d', null, null, over],
  ]);
});
