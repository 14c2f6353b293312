import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { StoredRecord } from '../../../results/schema.ts';
import { forms, type Form } from '../../../runners/form.ts';
import { planSuites } from '../../../runners/plan.ts';
import { prepareGroups, type PreparedGroup } from '../../../runners/prepare-cells.ts';
import type { Probe } from '../../../runners/runner.ts';
import { measureScenarios } from '../../../runners/scenarios/measure-scenarios.ts';
import { loadSuites } from '../../../suites/load.ts';
import { suiteSchema } from '../../../suites/schema.ts';
import { freshHost } from '../../fakes/fresh-host.ts';
import { makeContext } from '../../fakes/run-context.ts';

const cacheDir = await mkdtemp(path.join(tmpdir(), 'assay-scenarios-'));
afterAll(() => rm(cacheDir, { recursive: true, force: true }));

const works: Probe = { status: 'works', detail: '', isSoftware: false };
const form: Form = {
  ...forms.quick,
  scenarios: { ...forms.quick.scenarios, durationMs: 40, warmUpMs: 10, rounds: 6 },
};

async function groupsOf(
  scenarios: readonly object[],
  { targets, probe = works }: { targets: string[]; probe?: Probe },
): Promise<{ groups: PreparedGroup[]; probes: Map<string, Probe> }> {
  const [loaded] = await loadSuites(['fuel-economy']);
  if (loaded === undefined) throw new Error('no suite');
  const asked = { targets, variants: ['fp32'], scenarios: suiteSchema.shape.scenarios.parse(scenarios) };
  const planned = await planSuites([{ ...loaded, suite: { ...loaded.suite, ...asked } }]);
  const probes = new Map(targets.map((target) => [target, probe]));
  return { groups: await prepareGroups(planned, { cacheDir, probes, host: freshHost() }), probes };
}

async function measure(
  ...asked: Parameters<typeof groupsOf>
): Promise<{ isWhole: boolean; saved: StoredRecord[] }> {
  const { groups, probes } = await groupsOf(...asked);
  const { context, saved } = makeContext(form);
  return { isWhole: await measureScenarios(groups, { probes, failures: new Map(), context }), saved };
}

function outcomesOf(saved: readonly StoredRecord[]): string[] {
  return saved.flatMap((record) =>
    record.kind === 'scenario'
      ? [
          `${record.scenario} ${record.subject.target.runner}: ${
            record.outcome.status === 'measured' ? 'measured' : record.outcome.reason
          }`,
        ]
      : [],
  );
}

test('every scenario of every target is one record, and what does not apply is skipped with its reason', async () => {
  const { isWhole, saved } = await measure(
    [{ kind: 'single-stream' }, { kind: 'thread-sweep', threads: [1] }],
    {
      targets: ['onnxruntime/cpu', 'tfjs/wasm'],
    },
  );
  expect(outcomesOf(saved)).toEqual([
    'single-stream onnxruntime: measured',
    'thread-sweep onnxruntime: measured',
    'single-stream tfjs: measured',
    'thread-sweep tfjs: tfjs/wasm does not let its threads be chosen',
  ]);
  expect(isWhole).toBe(true);
});

test('a quick run is not made longer by the duration a suite asks for', async () => {
  const { saved } = await measure([{ kind: 'single-stream', durationSeconds: 600 }], {
    targets: ['onnxruntime/cpu'],
  });
  expect(outcomesOf(saved)).toEqual(['single-stream onnxruntime: measured']);
});

test('an emulated GPU is not put under load', async () => {
  const { saved } = await measure([{ kind: 'offline' }], {
    targets: ['onnxruntime/webgpu'],
    probe: { ...works, isSoftware: true },
  });
  expect(outcomesOf(saved)).toEqual([
    'offline onnxruntime: the GPU adapter is software: its speed says nothing of a GPU',
  ]);
  expect(saved[0]?.warnings.map(({ code }) => code)).toEqual(['software-adapter']);
});

test('a scenario that fails is recorded, and the others go on', async () => {
  const { groups, probes } = await groupsOf(
    [{ kind: 'single-stream' }, { kind: 'offline', batchSizes: [1] }],
    {
      targets: ['onnxruntime/cpu'],
    },
  );
  const artifact = { format: 'onnx', path: import.meta.filename } as const;
  const held = { files: [], sha256: '' };
  const plan = { status: 'ready', artifact, sizeBytes: 1, held } as const;
  const broken = groups.map((group) => ({
    ...group,
    cells: group.cells.map((cell) => ({ ...cell, plan })),
  }));
  const { context, saved } = makeContext(form);
  expect(await measureScenarios(broken, { probes, failures: new Map(), context })).toBe(false);
  expect(outcomesOf(saved)).toEqual([
    expect.stringMatching(/^single-stream onnxruntime: .*not a whole ONNX model/),
    expect.stringMatching(/^offline onnxruntime: .*not a whole ONNX model/),
  ]);
});

test('nothing is recorded after an abort', async () => {
  const { groups, probes } = await groupsOf([{ kind: 'single-stream' }], { targets: ['onnxruntime/cpu'] });
  const { context, saved } = makeContext(form);
  const ended = { ...context, signal: AbortSignal.abort() };
  expect(await measureScenarios(groups, { probes, failures: new Map(), context: ended })).toBe(false);
  expect(saved).toEqual([]);
});
