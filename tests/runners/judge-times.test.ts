import { expect, test } from 'vitest';
import { twoPercentDesign } from '../../runners/calibrate/two-percent-design.ts';
import { controlName, type ContenderTimes } from '../../runners/timing/group-times.ts';
import { judgeTimes } from '../../runners/timing/judge-times.ts';

/** So many rounds of one length in each of eight processes. */
function timed(name: string, ms: number, rounds: number): ContenderTimes {
  const roundMs = new Float64Array(rounds).fill(ms);
  const process = { warmUp: { isSteady: true, ms: 1 }, roundMs, roundCpuMs: roundMs, callMs: roundMs };
  const processes = Array.from({ length: 8 }, () => ({ status: 'timed' as const, name, ...process }));
  return { status: 'timed', name, processes };
}

test('a variant is judged by the pairs a record keeps: whole ones, to the nanosecond', () => {
  const contenders = [timed('fp32', 1, 5), timed(controlName, 1, 5), timed('int8', 1 + 4e-7, 7)];
  const judged = judgeTimes({ contenders }, 'fp32', twoPercentDesign);
  expect([...judged.keys()].sort()).toEqual([controlName, 'int8']);
  expect(judged.get('int8')).toMatchObject({ ratio: 1, processes: 8, pairs: 40 });
});

test('what failed, or has no time in any process, is not judged', () => {
  const failed = { status: 'failed', name: 'b', code: 'error', reason: 'no', stderrTail: null } as const;
  const contenders = [timed('fp32', 1, 5), { ...timed('a', 1, 5), processes: [] }, failed];
  expect(judgeTimes({ contenders }, 'fp32', twoPercentDesign)).toEqual(new Map());
  expect(judgeTimes({ contenders: [] }, 'fp32', twoPercentDesign)).toEqual(new Map());
});
