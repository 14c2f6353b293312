import path from 'node:path';
import type { CommandResult } from '../../cli/command.ts';
import { exitCodes } from '../../core/errors.ts';
import type { StoredRecord } from '../../results/schema.ts';
import type { Target } from '../../suites/target.ts';
import { checkModels } from '../../runners/check-models.ts';
import { evaluateCells } from '../../runners/evaluate-cells.ts';
import { planSuites } from '../../runners/plan.ts';
import { prepareGroups } from '../../runners/prepare-cells.ts';
import { probeTargets } from '../../runners/probe-targets.ts';
import type { Host } from '../../runners/pool/supervise.ts';
import { loadSuites } from '../../suites/load.ts';
import { makeContext } from '../fakes/run-context.ts';
import { tinyForm } from '../fakes/tiny-form.ts';

/** `assay run` up to timing: loads, checks, builds and evaluates what a suite names. */
export async function runUntimed(folder: string, name: string, host: Host): Promise<CommandResult> {
  const planned = await planSuites(await loadSuites([path.join(folder, name)]));
  const unloaded = await checkModels(planned, host);
  const targets: Target[] = planned.flatMap(({ groups }) => groups.map(({ target }) => target));
  const probes = await probeTargets(targets, host);
  const { context, saved } = makeContext(tinyForm);
  const limits = (): ReturnType<typeof context.limits> => ({ timeoutMs: 20_000, memoryBytes: 2 ** 31 });
  const cacheDir = path.join(folder, '.assay/variants');
  const groups = await prepareGroups(planned, { cacheDir, probes, host, limits });
  const store = { ...context.store, savePredictions: () => Promise.resolve('predictions/any.parquet') };
  await evaluateCells(groups, host, { ...context, limits, store });
  const failed = saved.flatMap(reasonsOf);
  return {
    exitCode: failed.length === 0 ? exitCodes.pass : exitCodes.incomplete,
    data: null,
    text: [...unloaded.map(({ reason }) => reason), ...failed].join('\n'),
  };
}

function reasonsOf(record: StoredRecord): string[] {
  return record.kind === 'cell' && record.outcome.status !== 'measured' ? [record.outcome.reason] : [];
}
