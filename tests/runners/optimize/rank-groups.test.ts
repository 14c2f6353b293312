import { mkdtemp, readdir, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { beforeAll, expect, onTestFinished, test } from 'vitest';
import type { GroupRecord } from '../../../results/schema.ts';
import { formatTarget } from '../../../results/target-schema.ts';
import { measureGroups } from '../../../runners/measure-groups.ts';
import { rankGroups, type LayersByCell } from '../../../runners/optimize/rank-groups.ts';
import { startHost, type Host } from '../../../runners/pool/supervise.ts';
import { planSuites } from '../../../runners/plan.ts';
import { baselineOf, prepareGroups, type PreparedGroup } from '../../../runners/prepare-cells.ts';
import type { RunEvent } from '../../../runners/run-context.ts';
import type { Probe } from '../../../runners/runner.ts';
import { loadSuites } from '../../../suites/load.ts';
import { makeContext, noQuality } from '../../fakes/run-context.ts';
import { tinyForm } from '../../fakes/tiny-form.ts';

const works: Probe = { status: 'works', detail: '', isSoftware: false };
const probes = new Map([['onnxruntime/cpu', works]]);

let folder: string;
let host: Host;
let group: PreparedGroup;

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'assay-rank-'));
  const planned = await planSuites(await loadSuites(['fuel-economy']));
  host = startHost({ workers: 1, timeoutMs: 60_000 });
  const groups = await prepareGroups(planned, { cacheDir: folder, probes, host });
  const found = groups.find((one) => formatTarget(one.group.target) === 'onnxruntime/cpu');
  if (found === undefined) throw new Error('no group on the CPU');
  group = found;
  return async () => {
    host.close();
    await rm(folder, { recursive: true });
  };
});

async function rank(
  failures: ReadonlyMap<string, unknown> = new Map(),
  signal = new AbortController().signal,
): Promise<{ layers: LayersByCell; events: RunEvent[] }> {
  const events: RunEvent[] = [];
  const cacheDir = await mkdtemp(path.join(folder, 'brief-'));
  const context = { signal, report: (event: RunEvent): void => void events.push(event) };
  onTestFinished(async () => {
    expect(await readdir(cacheDir)).toEqual([]);
  });
  const layers = await rankGroups([group], failures, { host, cacheDir, context });
  return { layers, events };
}

test('the layers of variants that quantize are scored by the first metric of the suite, and records keep them', async () => {
  const { layers, events } = await rank();
  expect(events).toMatchObject([{ kind: 'layers-started', modelId: 'cars-mlp', variant: 'int8-dynamic' }]);
  const { context, saved } = makeContext(tinyForm);
  await measureGroups([group], { quality: noQuality, advice: new Map(), layers, probes, context });
  const { variants } = saved[0] as GroupRecord;
  const kept = new Map(variants.map(({ variant, layers: found }) => [variant.name, found]));
  expect([...kept].filter(([, found]) => found === null).map(([name]) => name)).toEqual([
    ...['fp32', 'prune-magnitude-50'],
  ]);
  const found = kept.get('int8-dynamic');
  expect(found?.metric).toMatchObject({ label: 'Mean squared error', direction: 'lower-is-better' });
  expect(found?.costs).toHaveLength(found?.layers ?? 0);
  for (const { alone, without, reason } of found?.costs ?? []) {
    expect(reason).toBeNull();
    expect(alone?.interval?.low).toBeLessThanOrEqual(alone?.difference ?? -Infinity);
    expect(alone?.distance).toBeGreaterThan(0);
    expect(without?.distance).toBeGreaterThan(0);
  }
});

test('nothing is scored of a group whose baseline failed, nor of a variant that did', async () => {
  const baseline = baselineOf(group).job.id;
  const quantized = group.cells.find(({ variant }) => variant.name === 'int8-dynamic')?.job.id ?? '';
  for (const id of [baseline, quantized]) {
    const { layers, events } = await rank(new Map([[id, 'crashed']]));
    expect([...layers]).toEqual([]);
    expect(events).toEqual([]);
  }
});

test('a run that is ended begins no further layer', async () => {
  await expect(rank(new Map(), AbortSignal.abort())).rejects.toThrow('abort');
});
