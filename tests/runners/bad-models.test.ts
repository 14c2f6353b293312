import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { GroupRecord } from '../../results/schema.ts';
import { forms } from '../../runners/form.ts';
import { measureGroups } from '../../runners/measure-groups.ts';
import { planSuites } from '../../runners/plan.ts';
import { baselineOf, prepareGroups, type PreparedGroup } from '../../runners/prepare-cells.ts';
import type { Probe } from '../../runners/runner.ts';
import { loadSuites } from '../../suites/load.ts';
import { formatTarget } from '../../results/target-schema.ts';
import { badModels } from '../fakes/bad-models.ts';
import { freshHost } from '../fakes/fresh-host.ts';
import { makeContext, noQuality } from '../fakes/run-context.ts';

const works: Probe = { status: 'works', detail: '', isSoftware: false };
const probes = new Map([['onnxruntime/cpu', works]]);

async function createFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'assay-bad-models-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  return folder;
}

/** The cars' model with a good variant, and with the bad ones beside it. */
async function badGroup(folder: string): Promise<PreparedGroup> {
  const planned = await planSuites(await loadSuites(['fuel-economy']));
  const groups = await prepareGroups(planned, { cacheDir: folder, probes, host: freshHost() });
  const group = groups.find((one) => formatTarget(one.group.target) === 'onnxruntime/cpu');
  if (group === undefined) throw new Error('no group on the CPU');
  const baseline = baselineOf(group);
  const bad = Object.entries(badModels).map(async ([name, write]) => {
    const file = path.join(folder, `${name}.onnx`);
    const model = write();
    await writeFile(file, model);
    const variant = { ...baseline.variant, name, isBaseline: false };
    return {
      ...baseline,
      variant,
      plan: {
        status: 'ready',
        artifact: { format: 'onnx', path: file },
        sizeBytes: model.length,
        held: { files: [], sha256: '' },
      },
    } as const;
  });
  return { ...group, cells: [...group.cells.slice(0, 2), ...(await Promise.all(bad))] };
}

async function measure(group: PreparedGroup): Promise<GroupRecord> {
  const form = {
    ...forms.quick,
    looks: [2],
    epochs: 2,
    epochMs: 40,
    warmUpMs: 20,
    profileMs: 5,
    maxCallMs: 100,
  };
  const { context, saved } = makeContext(form);
  expect(
    await measureGroups([group], {
      quality: noQuality,
      advice: new Map(),
      layers: new Map(),
      probes,
      context,
    }),
  ).toBe(false);
  const [record] = saved;
  if (record?.kind !== 'group') throw new Error('no record was stored');
  return record;
}

test('models that fail, dawdle or throw dice end each with its own text, and the others of the group stand', async () => {
  const { variants, control, warnings } = await measure(await badGroup(await createFolder()));
  const timed = Object.fromEntries(
    variants.map(({ variant, timed: { status, ...rest } }) => [
      variant.name,
      'reason' in rest ? `${status}: ${rest.reason}` : status,
    ]),
  );
  expect(timed).toEqual({
    fp32: 'measured',
    'int8-dynamic': 'measured',
    dice: 'measured',
    moody: expect.stringMatching(/^failed: .*(?:indices|bounds)/s) as string,
    slow: expect.stringMatching(
      /^failed: one call took .* this form times calls of at most 0\.1 s$/,
    ) as string,
  });
  expect(control?.processes).toBe(2);
  const latencies = variants.map(({ variant, latency }) => [variant.name, latency?.processes]);
  expect(latencies).toEqual([
    ['fp32', undefined],
    ['int8-dynamic', 2],
    ['dice', 2],
    ['moody', undefined],
    ['slow', undefined],
  ]);
  const doubted = warnings.filter(({ code }) => code === 'not-deterministic').map(({ detail }) => detail);
  expect(doubted).toEqual([expect.stringContaining('Outputs of dice for the same input differed')]);
});
