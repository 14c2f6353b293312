import type { Model } from '../models/manifest.ts';
import { buildVariant, type BuildOutcome } from '../models/build.ts';
import { messageOf } from '../core/errors.ts';
import type { QualityOutcome, Variant } from '../results/schema.ts';
import { baselineVariant } from '../models/variant.ts';
import type { CellJob, GroupJob } from '../suites/expand.ts';
import { formatTarget } from '../suites/target.ts';
import { calibrationData } from './calibration-data.ts';
import { modelOf, type PlannedSuite } from './plan.ts';
import type { Artifact, Probe } from './runner.ts';
import { measureTfjsArtifact } from './tfjs/artifacts.ts';

/** A cell that is ready to run, or why it will not. */
export interface PreparedCell {
  job: CellJob;
  variant: Variant;
  plan: { status: 'ready'; artifact: Artifact } | Exclude<QualityOutcome, { status: 'measured' }>;
}

export interface PreparedGroup {
  planned: PlannedSuite;
  group: GroupJob;
  /** Baseline first. */
  cells: readonly PreparedCell[];
}

/** The cell every other of the group is judged against. */
export function baselineOf(group: PreparedGroup): PreparedCell {
  const baseline = group.cells.find(({ variant }) => variant.isBaseline);
  if (baseline === undefined) throw new Error('internal: a group without a baseline');
  return baseline;
}

export interface PrepareOptions {
  cacheDir: string;
  /** By target name. */
  probes: ReadonlyMap<string, Probe>;
  /** Once aborted, no other variant is begun. */
  signal?: AbortSignal;
}

/** Builds every variant once, whatever the number of targets, and decides for each cell whether it can run. Throws once aborted. */
export async function prepareGroups(
  planned: readonly PlannedSuite[],
  options: PrepareOptions,
): Promise<PreparedGroup[]> {
  const built = new Map<string, Promise<BuildOutcome>>();
  const groups: PreparedGroup[] = [];
  for (const suite of planned) {
    const calibration = calibrationData(suite.dataset);
    const buildOnce = (model: Model, variant: string): Promise<BuildOutcome> => {
      const key = `${model.onnx.sha256} ${variant} ${calibration.hash}`;
      const request = { model: model.onnx, variant, calibration };
      const outcome = built.get(key) ?? buildVariant(request, options.cacheDir);
      built.set(key, outcome);
      return outcome;
    };
    for (const group of suite.groups)
      groups.push(await prepareGroup({ planned: suite, group }, { ...options, buildOnce }));
  }
  return groups;
}

interface GroupOptions extends PrepareOptions {
  buildOnce: (model: Model, variant: string) => Promise<BuildOutcome>;
}

async function prepareGroup(
  { planned, group }: Pick<PreparedGroup, 'planned' | 'group'>,
  options: GroupOptions,
): Promise<PreparedGroup> {
  const model = modelOf(planned, group);
  const cells: PreparedCell[] = [];
  for (const job of group.cells) {
    options.signal?.throwIfAborted();
    cells.push(await prepareCell(job, model, options));
  }
  return { planned, group, cells };
}

async function prepareCell(job: CellJob, model: Model, options: GroupOptions): Promise<PreparedCell> {
  const unbuilt: Variant = {
    ...unbuiltVariant,
    name: job.variant,
    isBaseline: job.variant === baselineVariant,
  };
  const probe = options.probes.get(formatTarget(job.target));
  if (probe?.status === 'unavailable')
    return { job, variant: unbuilt, plan: skip('unavailable', probe.reason) };
  if (job.target.runner === 'tfjs') return prepareTfjs(job, model, unbuilt);
  try {
    return fromBuild(job, unbuilt, await options.buildOnce(model, job.variant));
  } catch (thrown) {
    const plan = { status: 'failed', code: 'error', reason: messageOf(thrown), stderrTail: null } as const;
    return { job, variant: unbuilt, plan };
  }
}

const unbuiltVariant = { sha256: null, sizeBytes: null, gzipBytes: null, passes: [] };

function fromBuild(job: CellJob, unbuilt: Variant, outcome: BuildOutcome): PreparedCell {
  if (outcome.status === 'not-applicable')
    return { job, variant: unbuilt, plan: skip('not-applicable', outcome.reason) };
  return {
    job,
    variant: outcome.variant,
    plan: { status: 'ready', artifact: { format: 'onnx', path: outcome.path } },
  };
}

async function prepareTfjs(job: CellJob, model: Model, unbuilt: Variant): Promise<PreparedCell> {
  const plan = (reason: string): PreparedCell => ({
    job,
    variant: unbuilt,
    plan: skip('not-applicable', reason),
  });
  if (model.tfjs === null) return plan(model.tfjsReason ?? `${model.id} has no TF.js form`);
  if (!unbuilt.isBaseline) return plan(`${job.variant} rewrites the ONNX graph and has no TF.js form`);
  const measured = await measureTfjsArtifact(model.tfjs.path);
  return {
    job,
    variant: { ...unbuilt, ...measured },
    plan: { status: 'ready', artifact: { format: 'tfjs', path: model.tfjs.path } },
  };
}

function skip(
  code: 'unavailable' | 'not-applicable',
  reason: string,
): Exclude<QualityOutcome, { status: 'measured' }> {
  return { status: 'skipped', code, reason };
}
