import { expect, test } from 'vitest';
import type { Conditions, Footprint } from '../../../results/latency-schema.ts';
import { controlDoubt } from '../../../runners/doubts/control-doubt.ts';
import { steadyDoubt } from '../../../runners/doubts/steady-doubt.ts';
import { timingDoubts, type TimedEvidence } from '../../../runners/doubts/timing-doubts.ts';
import { makeProfile, makeTimed, makeVariant } from '../../fakes/stored-runs.ts';
import { latencyComparison } from '../../fakes/latency-comparison.ts';

const situation = { form: 'default', threads: 1, device: 'cpu' } as const;

interface Seen {
  p50Ms?: number;
  conditions?: Partial<Conditions>;
  footprint?: Partial<Footprint>;
  timerStepMs?: number;
  clockSkewMs?: number[];
  fixedBatch?: number;
}

/** A group of one baseline that was timed as told. */
function evidence({ p50Ms = 1, timerStepMs = 1e-4, ...seen }: Seen): TimedEvidence {
  const timed = makeTimed(makeProfile(p50Ms));
  if (timed.status !== 'measured' || timed.conditions === null || timed.footprint === null)
    throw new Error('not measured');
  const changed = {
    ...timed,
    conditions: { ...timed.conditions, ...seen.conditions },
    footprint: { ...timed.footprint, ...seen.footprint },
  };
  const processes = (seen.clockSkewMs ?? [0]).map((clockSkewMs) => ({
    epochs: 10,
    collections: 0,
    clockSkewMs,
    fixedBatch: seen.fixedBatch ?? null,
  }));
  return {
    variants: [{ variant: makeVariant(), timed: changed }],
    times: { contenders: [], processes },
    timerStepMs,
  };
}

function doubts(seen: Seen, inForce = {}): Record<string, string> {
  const found = timingDoubts(evidence(seen), { ...situation, ...inForce });
  return Object.fromEntries(found.map(({ code, detail, advice }) => [code, `${detail} ${advice}`]));
}

test('an undisturbed group raises no doubt', () => {
  expect(doubts({ clockSkewMs: [0.4, 1.2] })).toEqual({});
});

test('waiting for the processor is a doubt for one thread, where CPU time tells it', () => {
  const waiting = { conditions: { cpuPerWall: 0.81 } };
  expect(Object.keys(doubts(waiting))).toEqual(['noisy-neighbour']);
  expect(doubts(waiting)['noisy-neighbour']).toContain('had the processor for 81 % of their time');
  expect(doubts(waiting, { threads: 2 })).toEqual({});
  expect(doubts(waiting, { device: 'webgpu' })).toEqual({});
  expect(doubts({ conditions: { cpuPerWall: 0.96 } })).toEqual({});
});

test('a warm-up that did not settle in more than a fifth of the processes is a doubt', () => {
  expect(doubts({ conditions: { steadyProcesses: 8, processes: 10 } })).toEqual({});
  const unsteady = doubts({ conditions: { steadyProcesses: 7, processes: 10 } });
  expect(unsteady['not-steady']).toContain('fp32 in 3 of 10 processes');
  expect(unsteady['not-steady']).toContain('run with --thorough');
  const thorough = doubts({ conditions: { steadyProcesses: 7, processes: 10 } }, { form: 'thorough' });
  expect(thorough['not-steady']).toMatch(/run on a quieter machine: no form warms up longer$/);
});

test('a scenario whose warm-up did not settle is told by the same advice', () => {
  expect(steadyDoubt([], situation)).toEqual([]);
  const [doubt] = steadyDoubt(['batch size 8'], { ...situation, form: 'thorough' });
  expect(doubt).toEqual({
    code: 'not-steady',
    detail: 'The warm-up ended before latency was steady: batch size 8.',
    advice: 'run on a quieter machine: no form warms up longer',
  });
});

test('a call of fewer than 100 steps of the clock is a doubt with both figures', () => {
  expect(doubts({ p50Ms: 0.5, timerStepMs: 0.005 })).toEqual({});
  expect(doubts({ p50Ms: 0.4, timerStepMs: 0.005 })['coarse-timer']).toContain(
    'steps of the clock, which are 5 µs: fp32 takes 400 µs',
  );
});

test('a call that is mostly the calling is a doubt, unless no floor is known', () => {
  expect(doubts({ p50Ms: 0.03, footprint: { floorMs: 0.01 } })).toEqual({});
  expect(doubts({ p50Ms: 0.029, footprint: { floorMs: 0.01 } })['near-floor']).toContain(
    'less than 3 times the 10 µs of calling a network that does next to nothing: fp32 takes 29 µs',
  );
  expect(doubts({ p50Ms: 0.029, footprint: { floorMs: null } })).toEqual({});
});

test('of a model of a fixed batch no larger one is advised that it would refuse', () => {
  const short = { p50Ms: 0.004, footprint: { floorMs: 0.01 }, timerStepMs: 0.005 };
  const [any, fixed] = [doubts(short), doubts({ ...short, fixedBatch: 7 })];
  for (const code of ['near-floor', 'coarse-timer']) {
    expect(any[code]).toMatch(/raise timing\.batchSize$/);
    expect(fixed[code]).toMatch(/export the model for larger batches than the 7 that it takes$/);
  }
});

test('a clock that jumps while timed is a doubt', () => {
  expect(doubts({ clockSkewMs: [1, 3600, 2] })['clock-jumped']).toContain(
    'parted by up to 3600 ms in 1 of 3 processes',
  );
});

test('a baseline that differs from itself is a doubt; one that does not is none', () => {
  const twins = (ratio: number): ReturnType<typeof latencyComparison> =>
    latencyComparison(
      Array.from({ length: 28 }, (_, index) => ({ baseline: [1], variant: [ratio + index / 1e4] })),
    );
  const [doubt] = controlDoubt(twins(1.1), null, situation);
  expect(doubt?.detail).toContain('differed by 10.1 %');
  expect(controlDoubt(twins(1), null, situation)).toEqual([]);
  expect(controlDoubt(null, null, situation)[0]?.detail).toContain('could not be timed against itself');
});
