import { expect, test } from 'vitest';
import { loadModel, onnxOf } from '../../models/manifest.ts';
import { forms, type Form } from '../../runners/form.ts';
import { controlName, type GroupTimes } from '../../runners/timing/group-times.ts';
import { timeGroup, type TimeGroupRequest } from '../../runners/timing/time-group.ts';
import { childPids } from './child-pids.ts';
import { parseTarget } from '../../suites/target.ts';

const form: Form = {
  ...forms.quick,
  epochs: 1,
  epochMs: 20,
  warmUpMs: 10,
  profileMs: 10,
  cellTimeoutMs: 60_000,
};
const design = { maxSlowdown: 0.05, falseAlarms: 0.05, alpha: 0.05, looks: [3], comparisons: 1 };

async function request(variantPath?: string): Promise<TimeGroupRequest> {
  const onnx = onnxOf(await loadModel('cars-mlp'));
  const contender = (name: string, path: string): TimeGroupRequest['contenders'][number] => ({
    name,
    artifact: { format: 'onnx', path },
  });
  return {
    target: parseTarget('onnxruntime/cpu'),
    threads: 1,
    contenders: [contender('fp32', onnx.path), contender('variant', variantPath ?? onnx.path)],
    inputs: { features: { type: 'float32', shape: [1, 9], data: new Float32Array(9) } },
    seed: 1,
    design,
  };
}

function processesOf({ contenders: times }: GroupTimes): Record<string, number | string> {
  return Object.fromEntries(
    times.map((one) => [one.name, one.status === 'timed' ? one.processes.length : one.reason]),
  );
}

test('baseline, control and variant are timed in every process', async () => {
  const times = await timeGroup(await request(), { form, signal: new AbortController().signal });
  expect(processesOf(times)).toEqual({ fp32: 3, [controlName]: 3, variant: 3 });
});

test('a variant that cannot be loaded fails alone', async () => {
  const times = processesOf(
    await timeGroup(await request(import.meta.filename), { form, signal: new AbortController().signal }),
  );
  expect(times).toMatchObject({ fp32: 3, [controlName]: 3 });
  expect(times.variant).toEqual(expect.stringMatching(/not a whole ONNX model/));
});

test('a process that is killed is made up for by another: it costs nobody’s look', async () => {
  const timing = timeGroup(await request(), { form, signal: new AbortController().signal });
  for (const pid of childPids('timed-process')) process.kill(pid, 'SIGSEGV');
  expect(processesOf(await timing)).toEqual({ fp32: 3, [controlName]: 3, variant: 3 });
});

test('an abort ends the process under way and starts no other', async () => {
  const controller = new AbortController();
  const timing = timeGroup(await request(), {
    form: { ...form, epochMs: 60_000 },
    signal: controller.signal,
  });
  controller.abort();
  await timing;
  expect(childPids('timed-process')).toEqual([]);
});
