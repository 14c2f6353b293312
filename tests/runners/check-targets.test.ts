import { rm } from 'node:fs/promises';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { formatTarget } from '../../results/target-schema.ts';
import { checkTargets } from '../../runners/check-targets.ts';
import { planSuites } from '../../runners/plan.ts';
import { loadSuites } from '../../suites/load.ts';
import { createProject, suite } from '../cli/project.ts';
import { freshHost } from '../fakes/fresh-host.ts';

test('a device that lacks the threads that latency is timed with is foreseen to fail', async () => {
  const { folder, write } = await createProject();
  onTestFinished(() => rm(folder, { recursive: true }));
  const targets = ['onnxruntime/cpu', 'tfjs/wasm', 'tfjs/cpu'];
  const onCars = { ...suite, dataset: 'cars', models: ['cars-mlp'], targets, timing: { threads: 2 } };
  await write('mine.suite.json', JSON.stringify(onCars));
  const planned = await planSuites(await loadSuites([path.join(folder, 'mine.suite.json')]));
  const probe = { status: 'works', detail: '', isSoftware: false } as const;
  const probes = new Map(targets.map((target) => [target, probe]));
  const processor = { cores: 1, allowed: [2] };
  const found = await checkTargets(planned, { probes, host: freshHost(), processor });
  expect(found.filter(({ means }) => means === 'fails')).toMatchObject([
    {
      ...{ variant: 'fp32', target: { runner: 'tfjs', device: 'cpu' }, code: 'error' },
      reason: "TensorFlow.js's cpu has one thread; 2 were asked for",
      remedy: expect.stringContaining('to 1, or take tfjs/cpu out of it') as string,
    },
  ]);
  const doubts = found.filter(({ code }) => code === 'too-few-cores');
  expect(doubts.map(({ target, means }) => [formatTarget(target), means])).toEqual([
    ['onnxruntime/cpu', 'in-doubt'],
    ['tfjs/wasm', 'in-doubt'],
  ]);
});
