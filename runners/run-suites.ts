import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock } from '../core/clock.ts';
import { AssayError } from '../core/errors.ts';
import type { RunRecord } from '../results/schema.ts';
import { lockFolder, type FolderLock } from '../results/lock.ts';
import { damagedIn, readRuns, type StoredRun } from '../results/read-runs.ts';
import { createRunStore, makeResultsFolder, resumeRunStore } from '../results/store.ts';
import type { LoadedSuite } from '../suites/load.ts';
import type { Suite } from '../suites/schema.ts';
import { runnersOf } from '../suites/target.ts';
import { checkModels } from './check-models.ts';
import { checkTargets } from './check-targets.ts';
import { describeRun, type DescribeEffects } from './describe-run.ts';
import { readEnvironment, withVersions } from './environment.ts';
import { evaluateCells } from './evaluate-cells.ts';
import { adviseGroups, summariseAdvice, type AdviceByCell } from './explain/advise-groups.ts';
import type { Form } from './form.ts';
import { knownRecords, unfinishedRun } from './known-records.ts';
import { limitsOf, noLimits, usualLimits, type AskedLimits, type Limits } from './limits.ts';
import { measureGroups } from './measure-groups.ts';
import { rankGroups } from './optimize/rank-groups.ts';
import { planSuites, type PlannedSuite } from './plan.ts';
import { startHost, type Host } from './pool/supervise.ts';
import { prepareGroups, type PreparedGroup } from './prepare-cells.ts';
import { probeSuites } from './probe-targets.ts';
import { usefulWorkers } from './useful-workers.ts';
import { measureScenarios } from './scenarios/measure-scenarios.ts';
import { recordBaseOf, type RunContext, type RunEvent } from './run-context.ts';
import type { Probe } from './runner.ts';

const patienceMs = 2000;

export interface RunRequest {
  suites: readonly LoadedSuite[];
  form: Form;
  resultsDir: string;
  cacheDir: string;
  /** Threads that evaluate quality at a time. */
  workers?: number;
  /** Scores the layers of variants that quantize or convert. */
  sensitivity?: boolean;
  /** Measures everything, whatever earlier runs hold. */
  fresh: boolean;
  /** Takes the results folder over from another machine. */
  breakLock?: boolean;
  /** Of each cell, whatever its suite says. */
  limits?: AskedLimits;
  /** Of the whole run; what is not finished by then is left to the next one. */
  timeoutMs?: number;
}

export interface RunEffects extends DescribeEffects {
  signal: AbortSignal;
  report: (event: RunEvent) => void;
}

/**
 * Measures suites from start to end and returns the finished run; its records are on disk by then. Throws `interrupted` once
 * aborted; a run whose time is up is returned as `timed-out`.
 */
export async function runSuites(request: RunRequest, effects: RunEffects): Promise<RunRecord> {
  const time = request.timeoutMs === undefined ? [] : [AbortSignal.timeout(request.timeoutMs)];
  const signal = AbortSignal.any([effects.signal, ...time]);
  const targets = request.suites.flatMap(({ suite }) => suite.targets);
  const { count: workers, cores } = usefulWorkers(request.workers, targets);
  const asked = request.workers ?? workers;
  if (asked > workers) effects.report({ kind: 'fewer-workers', asked, workers, cores });
  const host = startHost({
    workers,
    timeoutMs: request.form.cellTimeoutMs,
    runners: runnersOf(targets),
  });
  signal.addEventListener('abort', host.close);
  try {
    const planned = await untilEnd(planSuites(request.suites, signal), signal);
    await untilEnd(checkModels(planned, host, limitsBySuite(request)), signal);
    return await runPlanned(planned, host, { request, effects: { ...effects, signal } });
  } finally {
    host.close();
  }
}

/** What comes of the work; throws where the run is ended first. */
async function untilEnd<Result>(work: Promise<Result>, signal: AbortSignal): Promise<Result> {
  try {
    await Promise.race([work, endOf(signal)]);
  } catch (thrown) {
    if (!signal.aborted) throw thrown;
  }
  if (signal.aborted) throw endedEarly(signal);
  return work;
}

function limitsBySuite({ form, limits = noLimits }: RunRequest): (suite: Suite) => Limits {
  const usual = usualLimits(form);
  return (suite) => limitsOf(suite, usual, limits);
}

function endedEarly(signal: AbortSignal): AssayError {
  if (endingBy(signal) === 'interrupted')
    return new AssayError('interrupted', 'Interrupted before anything was measured.');
  const hint = 'give it a longer --timeout';
  return new AssayError('nothing-measured', 'The time of the run was up before anything was measured.', {
    hint,
  });
}

async function runPlanned(
  planned: readonly PlannedSuite[],
  host: Host,
  { request, effects }: { request: RunRequest; effects: RunEffects },
): Promise<RunRecord> {
  return withLock(request, effects, async (lock) => {
    const probes = await untilEnd(probe(planned, host, { request, effects }), effects.signal);
    const environment = withVersions((effects.environment ?? readEnvironment)(), probes.values());
    const described = describeRun(request, planned, { ...effects, environment: () => environment });
    const { run, context } = await openRun({ ...request, lock }, { described, ids: idsOf(planned) }, effects);
    context.signal.addEventListener('abort', host.close);
    const measuring = measure({ planned, probes }, host, { request, context });
    const ending = await Promise.race([measuring, endOf(effects.signal)]);
    await settled(measuring);
    return finishRun(run, context, ending);
  });
}

function probe(
  planned: readonly PlannedSuite[],
  host: Host,
  { request, effects }: { request: RunRequest; effects: RunEffects },
): Promise<Map<string, Probe>> {
  const report = (step: string): void => {
    if (!effects.signal.aborted) effects.report({ kind: 'probing', step });
  };
  return probeSuites(planned, host, { limits: limitsBySuite(request), report });
}

/** What is under way when a run is ended notices soon, and writes nothing once the folder is given back. */
async function settled(measuring: Promise<unknown>): Promise<void> {
  const patience = new AbortController();
  const late = sleep(patienceMs, undefined, { signal: patience.signal }).catch(() => undefined);
  await Promise.race([measuring.catch(() => undefined), late]);
  patience.abort();
}

async function withLock<Result>(
  { resultsDir, breakLock = false }: RunRequest,
  { clock = systemClock }: RunEffects,
  work: (lock: FolderLock) => Promise<Result>,
): Promise<Result> {
  await makeResultsFolder(resultsDir);
  const lock = await lockFolder(resultsDir, { now: () => clock.timestamp(), breakLock });
  try {
    return await work(lock);
  } finally {
    lock.unlock();
  }
}

type Ending = RunRecord['status'];

async function measure(
  { planned, probes }: { planned: readonly PlannedSuite[]; probes: ReadonlyMap<string, Probe> },
  host: Host,
  { request, context }: { request: RunRequest; context: RunContext },
): Promise<Ending> {
  const { signal, limits } = context;
  reportDropped(planned, context);
  const foresights = await checkTargets(planned, { probes, host, limits });
  signal.throwIfAborted();
  if (foresights.length > 0) context.report({ kind: 'foreseen', foresights });
  const groups = await prepareGroups(planned, { cacheDir: request.cacheDir, probes, host, limits });
  signal.throwIfAborted();
  const advice = await adviseGroups(groups, { host, probes, limits });
  signal.throwIfAborted();
  reportAdvice(groups, advice, context);
  const quality = await evaluateCells(groups, host, context);
  signal.throwIfAborted();
  const { failures } = quality;
  const { cacheDir, sensitivity = false } = request;
  const ranked = sensitivity ? groups : [];
  const layers = await rankGroups(ranked, failures, { host, cacheDir, context });
  // Idle threads still take memory and wake-ups; nothing else of ours runs while latency is timed.
  host.close();
  await host.closed();
  signal.throwIfAborted();
  const isTimed = await measureGroups(groups, { quality, probes, advice, layers, context });
  signal.throwIfAborted();
  const isLoaded = await measureScenarios(groups, { probes, failures, context });
  return isTimed && isLoaded ? 'complete' : 'incomplete';
}

/** Once a dataset, however many suites it has. */
function reportDropped(planned: readonly PlannedSuite[], { report }: Pick<RunContext, 'report'>): void {
  const dropped = new Map(planned.map(({ dataset }) => [dataset.manifest.id, dataset.droppedRows]));
  for (const [datasetId, rows] of dropped) if (rows > 0) report({ kind: 'rows-dropped', datasetId, rows });
}

/** Once a suite, before anything of it is measured. */
function reportAdvice(
  groups: readonly PreparedGroup[],
  advice: AdviceByCell,
  { report }: Pick<RunContext, 'report'>,
): void {
  for (const suite of new Set(groups.map(({ planned }) => planned))) {
    const given = summariseAdvice(
      groups.filter(({ planned }) => planned === suite),
      advice,
    );
    if (given.length > 0) report({ kind: 'advised', suiteId: suite.loaded.suite.id, given });
  }
}

/** Resolves once the run is to end before its time; never where it is not. */
function endOf(signal: AbortSignal): Promise<Ending> {
  return new Promise((resolve) => {
    const end = (): void => {
      resolve(endingBy(signal));
    };
    if (signal.aborted) end();
    signal.addEventListener('abort', end);
  });
}

function endingBy({ reason }: AbortSignal): Ending {
  return reason instanceof DOMException && reason.name === 'TimeoutError' ? 'timed-out' : 'interrupted';
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
  { lock, ...request }: RunRequest & { lock: FolderLock },
  { described, ids }: { described: RunRecord; ids: ReadonlySet<string> },
  effects: RunEffects,
): Promise<{ run: RunRecord; context: RunContext }> {
  const { clock = systemClock, signal, report } = effects;
  const earlier = await readEarlier(request, effects);
  const unfinished = unfinishedRun(earlier, described, ids);
  const run: RunRecord =
    unfinished === null
      ? described
      : { ...unfinished.run, status: 'running', finishedAt: null, limits: described.limits };
  await lock.nameRun(run.id);
  const store =
    unfinished === null
      ? await createRunStore(request.resultsDir, run, lock.assertHeld)
      : await resumeRunStore(path.dirname(unfinished.file), lock.assertHeld);
  if (unfinished !== null) await store.saveRun(run);
  const known = knownRecords(earlier);
  report({ kind: 'planned', runId: run.id, ...run.planned });
  const { form } = request;
  const limits = limitsBySuite(request);
  const { environment } = run;
  const recordBase = recordBaseOf(run);
  const shared = { form, limits, store, known, clock, report, environment, recordBase };
  return { run, context: { ...shared, ...stoppable(signal) } };
}

/** The runs whose measurements count. Also read where none does: a folder of a newer Assay is not written to. */
async function readEarlier({ resultsDir, fresh }: RunRequest, { report }: RunEffects): Promise<StoredRun[]> {
  const stored = await readRuns(resultsDir);
  const damaged = damagedIn(stored);
  if (damaged.length > 0) report({ kind: 'damaged', damaged });
  return fresh ? [] : stored.runs;
}

/** A fault of the run, such as a full disk, ends all that is under way as Ctrl-C does. */
function stoppable(signal: AbortSignal): Pick<RunContext, 'signal' | 'stop'> {
  const fault = new AbortController();
  const stop = (): void => {
    fault.abort();
  };
  return { signal: AbortSignal.any([signal, fault.signal]), stop };
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
