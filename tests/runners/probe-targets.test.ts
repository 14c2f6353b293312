import { expect, test } from 'vitest';
import { startSeveralHosts } from '../../runners/pool/several-hosts.ts';
import { probeTargets } from '../../runners/probe-targets.ts';
import { parseTarget } from '../../suites/target.ts';
import { probedHost } from '../fakes/probed-host.ts';

const names = ['onnxruntime/webgpu', 'onnxruntime/cpu', 'tfjs/wasm'];
const targets = names.map((name) => parseTarget(name));

test.each([
  [1000, 10_000],
  [25_000, 25_000],
  [1_800_000, 60_000],
])('where a cell gets %i ms, a probe gets %i ms', async (timeoutMs, expected) => {
  const { host, limits } = probedHost();
  await probeTargets(targets, host, { timeoutMs });
  expect([...limits.values()].map((given) => given?.timeoutMs)).toEqual([expected, expected, expected]);
});

test('each probe is told before it begins, one after the other', async () => {
  const { host, mostAtATime } = probedHost();
  const steps: string[] = [];
  await probeTargets(targets, host, { report: (step) => steps.push(step) });
  expect(steps).toEqual(names.map((name) => `probing ${name}`));
  expect(mostAtATime()).toBe(1);
});

test('a target that hangs says so, and what to do; the others are proven', async () => {
  const { host } = probedHost(['onnxruntime/webgpu']);
  const probes = await probeTargets(targets, host, { timeoutMs: 25_000 });
  expect([...probes.values()].map(({ status }) => status)).toEqual(['unavailable', 'works', 'works']);
  expect(probes.get('onnxruntime/webgpu')).toMatchObject({
    reason: 'a tiny inference did not come back within 25 s: its driver or runtime hangs',
    remedy: expect.stringContaining('leave the target out; where it is only slow, a longer time') as string,
  });
});

test('several hosts have a task each, serve again, and end together', async () => {
  const started: ReturnType<typeof probedHost>[] = [];
  const several = startSeveralHosts({ workers: 8, timeoutMs: 1 }, () => {
    const one = probedHost();
    started.push(one);
    return one.host;
  });
  await probeTargets(targets, several, { atATime: 2 });
  expect(started.map(({ mostAtATime }) => mostAtATime())).toEqual([1, 1]);
  several.close();
  expect(started.map(({ isClosed }) => isClosed())).toEqual([true, true]);
});
