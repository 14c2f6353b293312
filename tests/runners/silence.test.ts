import type { ChildProcess } from 'node:child_process';
import diagnostics from 'node:diagnostics_channel';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, onTestFinished, test, vi } from 'vitest';
import { loadModel } from '../../models/manifest.ts';
import { forms } from '../../runners/form.ts';
import { measureGroups } from '../../runners/measure-groups.ts';
import { planSuites } from '../../runners/plan.ts';
import { prepareGroups } from '../../runners/prepare-cells.ts';
import type { RunContext } from '../../runners/run-context.ts';
import { timeInProcess } from '../../runners/timing/time-in-process.ts';
import type { Probe } from '../../runners/runner.ts';
import { loadSuites } from '../../suites/load.ts';
import { formatTarget } from '../../results/target-schema.ts';
import { formatOfRunner, parseTarget, type Target } from '../../suites/target.ts';
import { freshHost } from '../fakes/fresh-host.ts';
import { makeContext, noQuality } from '../fakes/run-context.ts';

async function createFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'assay-silence-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

interface EventLog {
  units: number;
  during: Record<string, number>;
  otherwise: Record<string, number>;
}

/** Times a model beside itself in a process that counts its events. */
async function timeAndCount(target: Target): Promise<EventLog> {
  const log = path.join(await createFolder(), 'events.json');
  const preload = pathToFileURL(path.join(import.meta.dirname, '../fakes/count-events.ts')).href;
  vi.stubEnv('NODE_OPTIONS', `--import=${preload}`);
  vi.stubEnv('ASSAY_EVENT_LOG', log);
  onTestFinished(() => {
    vi.unstubAllEnvs();
  });
  const model = await loadModel('cars-mlp');
  const format = formatOfRunner[target.runner];
  const artifact = { format, path: model[format]?.path ?? '' };
  const budget = { warmUpMs: 20, epochs: 2, epochMs: 40, profileMs: 10, maxCallMs: 5000 };
  const outcome = await timeInProcess(
    {
      target,
      threads: 1,
      contenders: ['a', 'b'].map((name) => ({ name, artifact })),
      inputs: { features: { type: 'float32', shape: [1, 9], data: new Float32Array(9) } },
      seed: 1,
      ...budget,
    },
    { timeoutMs: 60_000, signal: new AbortController().signal },
  );
  expect(outcome.status).toBe('ok');
  return JSON.parse(await readFile(log, 'utf8')) as EventLog;
}

test('while ONNX Runtime is timed, no timer, turn, write or message of ours is made or runs', async () => {
  const { units, during, otherwise } = await timeAndCount(parseTarget('onnxruntime/cpu'));
  expect(units).toBeGreaterThanOrEqual(10);
  expect(during).toEqual({});
  // The counter sees them where they belong: loading takes turns, the reply is a message.
  expect(otherwise['made Immediate']).toBeGreaterThan(0);
  expect(otherwise.sent).toBe(1);
});

test('while TF.js is timed, nothing is made or runs either: it schedules nothing of its own', async () => {
  const { units, during, otherwise } = await timeAndCount(parseTarget('tfjs/wasm'));
  expect(units).toBeGreaterThanOrEqual(10);
  expect(during).toEqual({});
  expect(otherwise.sent).toBe(1);
});

const form = { ...forms.quick, looks: [2], epochs: 1, epochMs: 10, warmUpMs: 10, profileMs: 5 };

test('from the start of a timed process to its end nothing is reported, stored or printed', async () => {
  const alive = new Set<ChildProcess>();
  let started = 0;
  const onSpawn = (message: unknown): void => {
    const { process: child } = message as { process: ChildProcess };
    // The arguments are known only once it is spawned.
    child.once('spawn', () => {
      if (!child.spawnargs.some((argument) => /timed-process|footprint-process/.test(argument))) return;
      started++;
      alive.add(child);
      child.once('exit', () => alive.delete(child));
    });
  };
  diagnostics.subscribe('child_process', onSpawn);
  const noises: string[] = [];
  const quiet: string[] = [];
  const note = (event: string): void => {
    (alive.size > 0 ? noises : quiet).push(event);
  };
  const writes = [process.stdout, process.stderr].map((stream) =>
    vi.spyOn(stream, 'write').mockImplementation(() => {
      note('write');
      return true;
    }),
  );
  onTestFinished(() => {
    diagnostics.unsubscribe('child_process', onSpawn);
    for (const spy of writes) spy.mockRestore();
  });
  const [planned] = await planSuites(await loadSuites(['fuel-economy']));
  const works: Probe = { status: 'works', detail: '', isSoftware: false };
  const probes = new Map([['onnxruntime/cpu', works]]);
  const groups = await prepareGroups(planned === undefined ? [] : [planned], {
    cacheDir: await createFolder(),
    probes,
    host: freshHost(),
  });
  const onCpu = groups.filter(({ group }) => formatTarget(group.target) === 'onnxruntime/cpu');
  const made = makeContext(form).context;
  const context: RunContext = {
    ...made,
    store: {
      ...made.store,
      saveRecord: () => {
        note('store');
        return Promise.resolve();
      },
    },
    report: (event) => {
      note(event.kind);
    },
  };
  await measureGroups(onCpu, { quality: noQuality, advice: new Map(), layers: new Map(), probes, context });
  // Two processes of the group, one of each of its three variants alone.
  expect(started).toBe(5);
  expect(noises).toEqual([]);
  expect(quiet).toEqual(['group-started', 'store', 'group-finished']);
});
