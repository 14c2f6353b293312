import { hashOf } from '../core/hash.ts';
import { baselineVariant } from '../models/variant.ts';
import { formatTarget } from '../results/target-schema.ts';
import type { CellJob, GroupJob } from '../suites/expand.ts';
import type { Suite } from '../suites/schema.ts';
import { formatOfRunner } from '../suites/target.ts';
import { checkedOn } from './check-models.ts';
import { foreseeSkip } from './foresee-skip.ts';
import { foreseeThreads } from './foresee-threads.ts';
import type { Limits } from './limits.ts';
import { modelOf, type PlannedSuite } from './plan.ts';
import { failureOf, type Host } from './pool/supervise.ts';
import type { Probe } from './runner.ts';
import { taskOf } from './task-of.ts';
import { readProcessor, type Processor } from './usable-cores.ts';

/** What is known against a cell before it is run: it will be skipped, it will fail, or its figures are to be doubted. */
export interface Foresight extends Pick<CellJob, 'suiteId' | 'modelId' | 'variant' | 'target'> {
  means: 'skipped' | 'fails' | 'in-doubt';
  code: string;
  reason: string;
  remedy: string;
}

const doctor = 'assay doctor tells what runs here; the cells on other targets are measured';

interface CheckOptions {
  /** By target name. */
  probes: ReadonlyMap<string, Probe>;
  host: Host;
  /** Of a suite's cells; the host's own where left out. */
  limits?: (suite: Suite) => Limits;
  /** That of this machine where left out. */
  processor?: Processor;
}

/**
 * Holds every cell against its target before anything is built: cells that cannot be run there, and baselines that cannot have the
 * threads they are to be timed with, or that are loaded there, and called once where the processor would silently help out, and fail
 * or fall back. Throws nothing.
 */
export async function checkTargets(
  planned: readonly PlannedSuite[],
  options: CheckOptions,
): Promise<Foresight[]> {
  const checked = planned.flatMap((suite) => suite.groups.map((group) => checkGroup(suite, group, options)));
  return (await Promise.all(checked)).flat();
}

async function checkGroup(
  planned: PlannedSuite,
  group: GroupJob,
  options: CheckOptions,
): Promise<Foresight[]> {
  const model = modelOf(planned, group);
  const probe = options.probes.get(formatTarget(group.target));
  const skips = group.cells.flatMap((job) => {
    const skip = foreseeSkip(job, model, probe);
    return skip === null ? [] : [foresightOf(job, 'skipped', skip)];
  });
  const baseline = group.cells.find(({ variant }) => variant === baselineVariant);
  if (baseline === undefined || skips.some(({ variant }) => variant === baselineVariant)) return skips;
  const { threads } = planned.loaded.suite.timing;
  const ofThreads = foreseeThreads(baseline.target, threads, options.processor ?? readProcessor());
  const foreseen = ofThreads.map((found) => foresightOf(baseline, found.means, found));
  return [...skips, ...foreseen, ...(await checkBaseline(planned, baseline, options))];
}

/**
 * Left out: a model that would have to be exported first, which is looked at when it is built, and a target that `checkModels` loads
 * every model on.
 */
async function checkBaseline(
  planned: PlannedSuite,
  job: CellJob,
  { host, limits }: CheckOptions,
): Promise<Foresight[]> {
  const { suite } = planned.loaded;
  const model = modelOf(planned, job);
  const format = formatOfRunner[job.target.runner];
  const file = model[format];
  if (file === null || hashOf(job.target) === hashOf(checkedOn[format])) return [];
  const artifact = { format, path: file.path };
  const task = taskOf(suite.task, model, format);
  const check = { kind: 'check', target: job.target, artifact, dataset: suite.dataset, task } as const;
  const outcome = await host.run(check, limits?.(suite));
  if (outcome.status === 'done')
    return outcome.result.map(({ code, detail, advice }) =>
      foresightOf(job, 'in-doubt', { code, reason: detail, remedy: advice }),
    );
  const { code, reason } = failureOf(outcome);
  return [foresightOf(job, 'fails', { code, reason, remedy: doctor })];
}

function foresightOf(
  { suiteId, modelId, variant, target }: CellJob,
  means: Foresight['means'],
  { code, reason, remedy }: Pick<Foresight, 'code' | 'reason' | 'remedy'>,
): Foresight {
  return { suiteId, modelId, variant, target, means, code, reason, remedy };
}
