import type { Advice } from '../../core/advice.ts';
import { firstBatch } from '../../core/samples.ts';
import type { Profile } from '../../models/explain/profile.ts';
import { parseVariant } from '../../models/variant.ts';
import { formatTarget } from '../../results/target-schema.ts';
import { readEnvironment } from '../environment.ts';
import type { Host } from '../pool/supervise.ts';
import { baselineOf, type PreparedCell, type PreparedGroup } from '../prepare-cells.ts';
import type { Limits } from '../limits.ts';
import type { RunContext } from '../run-context.ts';
import type { Artifact, Probe } from '../runner.ts';
import { adviseByPasses } from './advise-by-passes.ts';
import { calibratedShapes, shapesOf } from './find-inputs.ts';
import type { ExamineTask } from './tasks.ts';

export interface AdviseOptions {
  host: Host;
  probes: ReadonlyMap<string, Probe>;
  limits: RunContext['limits'];
}

/** By cell id, of the cells that were examined. */
export type AdviceByCell = ReadonlyMap<string, readonly Advice[]>;

/** Examines each cell that is ready to run, before anything is measured. One that fails at it is left out: it will fail again. */
export async function adviseGroups(
  groups: readonly PreparedGroup[],
  options: AdviseOptions,
): Promise<AdviceByCell> {
  return new Map((await Promise.all(groups.map((group) => adviseGroup(group, options)))).flat());
}

type AdvisedCell = [id: string, advice: readonly Advice[]];

async function adviseGroup(group: PreparedGroup, options: AdviseOptions): Promise<AdvisedCell[]> {
  const baseline = baselineOf(group).plan;
  if (baseline.status !== 'ready') return [];
  if (baseline.artifact.format === 'tfjs') return group.cells.flatMap(adviseStored);
  const about = await aboutBaseline(group, baseline.artifact, options);
  const limits = options.limits(group.planned.loaded.suite);
  const cells = group.cells.map((cell) => adviseCell(cell, about, { ...options, limits }));
  return (await Promise.all(cells)).filter((advised) => advised !== null);
}

/** Of a TF.js variant what its passes say is all there is to know. */
function adviseStored({ plan, variant, job }: PreparedCell): AdvisedCell[] {
  if (plan.status !== 'ready') return [];
  const { steps } = parseVariant(variant.name);
  const situation = { device: job.target.device, cpuFlags: [] };
  return [[job.id, adviseByPasses({ steps, situation })]];
}

type Examination = Omit<ExamineTask, 'kind' | 'files' | 'steps' | 'profiles'> & {
  baseline: { path: string; profile: Profile | null };
};

async function aboutBaseline(
  { group, planned }: PreparedGroup,
  artifact: Artifact,
  { host, probes, limits }: AdviseOptions,
): Promise<Examination> {
  const { target } = group;
  const { dataset, timing } = planned.loaded.suite;
  const { inputs } = await firstBatch(planned.dataset.test, timing.batchSize);
  const probe = probes.get(formatTarget(target));
  // Where the time goes on an emulated device says nothing of a real one.
  const isReal = probe?.status === 'works' && !probe.isSoftware;
  const profiled = isReal
    ? await host.run(
        { kind: 'profile', target, artifact, threads: timing.threads, inputs },
        limits(planned.loaded.suite),
      )
    : null;
  return {
    target,
    cpuFlags: readEnvironment().cpu.flags,
    shapes: { calibrated: await calibratedShapes(dataset), served: shapesOf(inputs) },
    baseline: { path: artifact.path, profile: profiled?.status === 'done' ? profiled.result : null },
  };
}

async function adviseCell(
  { plan, variant, job }: PreparedCell,
  { baseline, ...rest }: Examination,
  { host, limits }: { host: Host; limits: Limits },
): Promise<AdvisedCell | null> {
  if (plan.status !== 'ready') return null;
  const files = { baseline: baseline.path, variant: plan.artifact.path };
  const profiles = { baseline: baseline.profile, variant: null };
  const { steps } = parseVariant(variant.name);
  const outcome = await host.run({ kind: 'examine', ...rest, steps, files, profiles }, limits);
  return outcome.status === 'done' ? [job.id, outcome.result.advice] : null;
}

/** One code, and what it was given for. */
export interface AdvisedCode {
  code: Advice['code'];
  action: string;
  /** `model variant on target`, at least one. */
  subjects: readonly string[];
}

/** The advice on some groups, a code once with each of its actions. */
export function summariseAdvice(groups: readonly PreparedGroup[], given: AdviceByCell): AdvisedCode[] {
  const byAction = new Map<string, AdvisedCode>();
  for (const { group, cells } of groups) {
    for (const { variant, job } of cells) {
      for (const { code, action } of given.get(job.id) ?? []) {
        const subject = `${group.modelId} ${variant.name} on ${formatTarget(group.target)}`;
        const key = `${code} ${action}`;
        byAction.set(key, { code, action, subjects: [...(byAction.get(key)?.subjects ?? []), subject] });
      }
    }
  }
  return [...byAction.values()];
}
