import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { systemClock, type Clock } from '../core/clock.ts';
import { AssayError } from '../core/errors.ts';
import { hashOf } from '../core/hash.ts';
import { packageRoot } from '../core/package-root.ts';
import { schemaVersion, type RunRecord } from '../results/schema.ts';
import { lockFolder } from '../results/lock.ts';
import { readReadableRuns } from '../results/read-runs.ts';
import { createRunStore, makeResultsFolder, openRunStore } from '../results/store.ts';
import type { LoadedSuite } from '../suites/load.ts';
import type { Target } from '../suites/target.ts';
import { readEnvironment } from './environment.ts';
import { checkModels } from './check-models.ts';
import { evaluateCells } from './evaluate-cells.ts';
import { forms, type FormName } from './form.ts';
import { knownRecords, unfinishedRun } from './known-records.ts';
import { measureGroups } from './measure-groups.ts';
import { planSuites, type PlannedSuite } from './plan.ts';
import { startHost, type Host } from './pool/supervise.ts';
import { prepareGroups } from './prepare-cells.ts';
import { probeTargets } from './probe-targets.ts';
import { measureScenarios } from './scenarios/measure-scenarios.ts';
import { recordBaseOf, type RunContext, type RunEvent } from './run-context.ts';

export interface RunRequest {
  suites: readonly LoadedSuite[];
  form: FormName;
  resultsDir: string;
  cacheDir: string;
  /** Threads that evaluate quality at a time. */
  workers?: number;
  /** Measures everything, whatever earlier runs hold. */
  fresh: boolean;
}

export interface RunEffects {
  signal: AbortSignal;
  report: (event: RunEvent) => void;
  clock?: Clock;
}

/** Measures suites from start to end and returns the finished run; its records are on disk by then. */
export async function runSuites(request: RunRequest, effects: RunEffects): Promise<RunRecord> {
  const planned = await planSuites(request.suites);
  const host = startHost({
    workers: request.workers ?? os.availableParallelism(),
    timeoutMs: forms[request.form].cellTimeoutMs,
  });
  effects.signal.addEventListener('abort', () => {
    host.close();
  });
  try {
    await Promise.race([checkModels(planned, host), aborted(effects.signal)]);
    if (effects.signal.aborted)
      throw new AssayError('interrupted', 'Interrupted before anything was measured.');
    return await withLock(request.resultsDir, effects, async () => {
      const described = describeRun(request, planned, effects.clock ?? systemClock);
      const { run, context } = await openRun(request, { described, ids: idsOf(planned) }, effects);
      const ending = await Promise.race([
        measure(planned, host, { request, context }),
        aborted(effects.signal),
      ]);
      return finishRun(run, context, ending);
    });
  } finally {
    host.close();
  }
}

async function withLock<Result>(
  resultsDir: string,
  { clock = systemClock }: RunEffects,
  work: () => Promise<Result>,
): Promise<Result> {
  await makeResultsFolder(resultsDir);
  const unlock = await lockFolder(resultsDir, () => clock.timestamp());
  try {
    return await work();
  } finally {
    unlock();
  }
}

type Ending = RunRecord['status'];

async function measure(
  planned: readonly PlannedSuite[],
  host: Host,
  { request, context }: { request: RunRequest; context: RunContext },
): Promise<Ending> {
  const probes = await probeTargets(targetsOf(planned), host);
  const { signal } = context;
  const groups = await prepareGroups(planned, { cacheDir: request.cacheDir, probes, host });
  signal.throwIfAborted();
  const predictions = await evaluateCells(groups, host, context);
  // Idle threads still take memory and wake-ups; nothing else of ours runs while latency is timed.
  host.close();
  signal.throwIfAborted();
  const isTimed = await measureGroups(groups, { predictions, probes, context });
  signal.throwIfAborted();
  const isLoaded = await measureScenarios(groups, { probes, context });
  return isTimed && isLoaded ? 'complete' : 'incomplete';
}

function targetsOf(planned: readonly PlannedSuite[]): Target[] {
  const targets = planned.flatMap(({ groups }) => groups.map(({ target }) => target));
  return [...new Map(targets.map((target) => [hashOf(target), target])).values()];
}

function aborted(signal: AbortSignal): Promise<Ending> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve('interrupted');
    signal.addEventListener('abort', () => {
      resolve('interrupted');
    });
  });
}

function describeRun(request: RunRequest, planned: readonly PlannedSuite[], clock: Clock): RunRecord {
  const startedAt = clock.timestamp();
  const groups = planned.flatMap((suite) => suite.groups);
  const suites = planned.map(({ loaded: { portable, given, hash } }) => {
    const { id, title, description } = portable;
    return { id, title, description, hash, given: asJson(given), resolved: asJson(portable) };
  });
  return {
    schemaVersion,
    kind: 'run',
    id: `${startedAt.replace(/[-:]|\.\d+/g, '')}-${hashOf([startedAt, process.pid, suites]).slice(0, 6)}`,
    status: 'running',
    form: request.form,
    startedAt,
    finishedAt: null,
    assayVersion: assayVersion(),
    assayRevision: isOwnRepository() ? gitRevision(packageRoot) : null,
    gitRevision: gitRevision(process.cwd()),
    environment: readEnvironment(),
    suites,
    planned: {
      cells: groups.reduce((sum, { cells }) => sum + cells.length, 0),
      groups: groups.length,
      scenarios: groups.reduce((sum, { scenarios }) => sum + scenarios.length, 0),
    },
  };
}

type Json = RunRecord['suites'][number]['given'];

function asJson(value: unknown): Json {
  return JSON.parse(JSON.stringify(value)) as Json;
}

/** Of every record that is planned. */
function idsOf(planned: readonly PlannedSuite[]): Set<string> {
  const groups = planned.flatMap((suite) => suite.groups);
  return new Set(
    groups.flatMap(({ id, cells, scenarios }) => [id, ...[...cells, ...scenarios].map((job) => job.id)]),
  );
}

/** Goes on with a run that was cut short, where it had set out to do the same; else begins a new one. */
async function openRun(
  request: RunRequest,
  { described, ids }: { described: RunRecord; ids: ReadonlySet<string> },
  effects: RunEffects,
): Promise<{ run: RunRecord; context: RunContext }> {
  const earlier = request.fresh ? [] : await readReadableRuns(request.resultsDir);
  const unfinished = unfinishedRun(earlier, described, ids);
  const run: RunRecord =
    unfinished === null ? described : { ...unfinished.run, status: 'running', finishedAt: null };
  const store =
    unfinished === null
      ? await createRunStore(request.resultsDir, run)
      : openRunStore(path.dirname(unfinished.file));
  const { clock = systemClock, signal, report } = effects;
  const known = knownRecords(earlier, described);
  report({ kind: 'planned', runId: run.id, ...run.planned });
  const form = forms[request.form];
  return { run, context: { form, store, known, clock, signal, report, recordBase: recordBaseOf(run) } };
}

async function finishRun(run: RunRecord, context: RunContext, status: Ending): Promise<RunRecord> {
  const finished: RunRecord = { ...run, status, finishedAt: context.clock.timestamp() };
  await context.store.saveRun(finished);
  if (status === 'interrupted') {
    const message = `Interrupted. What was finished is kept in ${context.store.folder}.`;
    throw new AssayError('interrupted', message, { hint: 'assay run' });
  }
  return finished;
}

function assayVersion(): string {
  const manifest = JSON.parse(readFileSync(path.join(packageRoot, 'package.json'), 'utf8')) as {
    version: string;
  };
  return manifest.version;
}

/** Installed below another project, git would tell that project's revision. */
function isOwnRepository(): boolean {
  return existsSync(path.join(packageRoot, '.git'));
}

function gitRevision(folder: string): string | null {
  const git = (...args: string[]): string =>
    execFileSync('git', args, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  try {
    return git('rev-parse', 'HEAD') + (git('status', '--porcelain') === '' ? '' : '+changes');
  } catch {
    return null;
  }
}
