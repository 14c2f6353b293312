import type { AssayError } from '../core/errors.ts';
import { formatOf } from '../models/format.ts';
import { sourceOf, type ModelFile } from '../models/manifest.ts';
import type { HeldFiles } from '../models/marked-files.ts';
import type { QualityOutcome, Variant } from '../results/schema.ts';
import { baselineVariant } from '../models/variant.ts';
import type { CellJob, GroupJob } from '../suites/expand.ts';
import type { Suite } from '../suites/schema.ts';
import { formatTarget } from '../results/target-schema.ts';
import { formatOfRunner } from '../suites/target.ts';
import { buildInHost, type HostedBuild } from './build-in-host.ts';
import { foreseeSkip } from './foresee-skip.ts';
import { modelOf, type PlannedSuite } from './plan.ts';
import { failureOf, type Host } from './pool/supervise.ts';
import type { RunContext } from './run-context.ts';
import type { Artifact, Probe } from './runner.ts';

/** What runs; `sizeBytes` is that of all its files, which are held to what they were when it was planned. */
interface ReadyPlan {
  status: 'ready';
  artifact: Artifact;
  sizeBytes: number;
  held: HeldFiles;
}

/** A cell that is ready to run, or why it will not. */
export interface PreparedCell {
  job: CellJob;
  variant: Variant;
  plan: ReadyPlan | Exclude<QualityOutcome, { status: 'measured' }>;
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
  /** Where variants are built. */
  host: Host;
  /** Of a suite's cells; the host's own where left out. */
  limits?: RunContext['limits'];
}

/**
 * Builds every variant once, whatever the number of targets, and decides for each cell whether it can run. Throws where none can be
 * written.
 */
export async function prepareGroups(
  planned: readonly PlannedSuite[],
  options: PrepareOptions,
): Promise<PreparedGroup[]> {
  const build = buildOnce(options);
  const groups = planned.flatMap((suite) => suite.groups.map((group) => ({ planned: suite, group })));
  return Promise.all(groups.map((one) => prepareGroup(one, { ...options, build })));
}

type Build = (job: CellJob, source: ModelFile, suite: Suite) => Promise<HostedBuild>;

function buildOnce({ host, cacheDir, limits }: PrepareOptions): Build {
  const built = new Map<string, Promise<HostedBuild>>();
  return ({ variant, target }, { path, sha256 }, suite) => {
    const { dataset } = suite;
    const format = formatOfRunner[target.runner];
    const key = `${sha256} ${format} ${variant} ${dataset}`;
    const request = { model: { path, sha256 }, format, variant, dataset, cacheDir };
    const outcome = built.get(key) ?? buildInHost(request, host, limits?.(suite));
    built.set(key, outcome);
    return outcome;
  };
}

interface GroupOptions extends PrepareOptions {
  build: Build;
}

async function prepareGroup(
  { planned, group }: Pick<PreparedGroup, 'planned' | 'group'>,
  options: GroupOptions,
): Promise<PreparedGroup> {
  const cells = group.cells.map((job) => prepareCell(job, planned, options));
  return { planned, group, cells: await Promise.all(cells) };
}

async function prepareCell(
  job: CellJob,
  planned: PlannedSuite,
  { probes, build }: GroupOptions,
): Promise<PreparedCell> {
  const unbuilt: Variant = {
    ...unbuiltVariant,
    name: job.variant,
    isBaseline: job.variant === baselineVariant,
  };
  const model = modelOf(planned, job);
  const foreseen = foreseeSkip(job, model, probes.get(formatTarget(job.target)));
  if (foreseen !== null) return { job, variant: unbuilt, plan: skip(foreseen.code, foreseen.reason) };
  const source = sourceOf(model, formatOfRunner[job.target.runner]);
  if (source === null) throw new Error(`internal: ${model.id} has no form for ${job.target.runner}`);
  return fromBuild(job, unbuilt, await build(job, source, planned.loaded.suite));
}

const unbuiltVariant = { sha256: null, sizeBytes: null, gzipBytes: null, passes: [] };

function fromBuild(job: CellJob, unbuilt: Variant, outcome: HostedBuild): PreparedCell {
  if (outcome.status === 'not-applicable')
    return { job, variant: unbuilt, plan: skip('not-applicable', outcome.reason) };
  if (outcome.status === 'refused' && isOfTheRun(outcome.error)) throw outcome.error;
  if (outcome.status !== 'built') return { job, variant: unbuilt, plan: failureOf(outcome) };
  const { path, files, variant } = outcome;
  const artifact = { format: formatOf(path), path };
  const { sizeBytes, sha256 } = variant;
  return { job, variant, plan: { status: 'ready', artifact, sizeBytes, held: { files, sha256 } } };
}

/** No variant is to blame for a folder that cannot be written to, and the next one fares no better. */
function isOfTheRun({ code }: AssayError): boolean {
  return code === 'results-unwritable' || code === 'disk-full';
}

function skip(
  code: 'unavailable' | 'not-applicable',
  reason: string,
): Exclude<QualityOutcome, { status: 'measured' }> {
  return { status: 'skipped', code, reason };
}
