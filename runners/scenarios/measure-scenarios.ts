import { firstBatch, type SampleStream } from '../../core/samples.ts';
import { elementCount, type Tensor, type Tensors } from '../../core/tensor.ts';
import type { ScenarioOutcome, ScenarioRecord } from '../../results/schema.ts';
import type { Warning } from '../../results/warning-schema.ts';
import type { ScenarioJob } from '../../suites/expand.ts';
import { formatTarget } from '../../results/target-schema.ts';
import { adapterDoubt } from '../doubts/adapter-doubt.ts';
import { doubtsBetween } from '../doubts/machine-doubts.ts';
import { readMachineState } from '../doubts/machine-state.ts';
import { steadyDoubt } from '../doubts/steady-doubt.ts';
import type { FailuresByCell } from '../evaluate-cells.ts';
import type { Form, ScenarioBudget } from '../form.ts';
import { changeOf } from '../held-artifacts.ts';
import { originOf } from '../known-records.ts';
import { limitsTogether, type Limits } from '../limits.ts';
import { scenarioId } from '../measurement-id.ts';
import { subjectOf } from '../plan.ts';
import type { PreparedCell, PreparedGroup } from '../prepare-cells.ts';
import type { RunContext } from '../run-context.ts';
import type { Artifact, Probe } from '../runner.ts';
import { whyUntimed } from '../why-untimed.ts';
import type { ScenarioRequest } from './request.ts';
import { runInProcess } from './run-in-process.ts';

export interface ScenarioOptions {
  /** By target name. */
  probes: ReadonlyMap<string, Probe>;
  /** Of quality: what cannot be evaluated is not put under load. */
  failures: FailuresByCell;
  context: RunContext;
}

/** Queries are drawn from at most so many samples, of at most so many bytes: LoadGen's library of loaded samples. */
const mostSamples = 256;
const mostSampleBytes = 64 * 1024 * 1024;

/** Runs the scenarios of all groups one after another and saves each. True where nothing failed. */
export async function measureScenarios(
  groups: readonly PreparedGroup[],
  options: ScenarioOptions,
): Promise<boolean> {
  const { context } = options;
  let isWhole = true;
  for (const group of groups) {
    for (const job of group.group.scenarios) {
      const question = questionOf(group, job, options);
      const kept = reuseScenario(question, context);
      const record = kept ?? (await measureScenario(question, context));
      if (context.signal.aborted) return false;
      await context.store.saveRecord(record);
      context.report({ kind: kept === null ? 'scenario-finished' : 'kept', record });
      isWhole &&= record.outcome.status !== 'failed';
    }
  }
  return isWhole;
}

/** A scenario of a cell, and what is asked of its process where it can run. */
interface Question {
  group: PreparedGroup;
  job: ScenarioJob;
  cell: PreparedCell;
  plan: PreparedCell['plan'];
  budget: ScenarioBudget;
  measurementId: string;
  probe: Probe | undefined;
}

function questionOf(
  group: PreparedGroup,
  job: ScenarioJob,
  { probes, failures, context: { form, environment } }: ScenarioOptions,
): Question {
  const cell = cellOf(group, job);
  const probe = probes.get(formatTarget(job.target));
  const budget = budgetOf(form, job.scenario.durationSeconds);
  const setting = { planned: group.planned, target: job.target, environment };
  return {
    group,
    job,
    cell,
    plan: planOf(cell, job, whyUntimed(cell, { group, failures, probe })),
    budget,
    measurementId: scenarioId(cell.variant, { scenario: job.scenario, budget }, setting),
    probe,
  };
}

function reuseScenario(
  { group: { planned, group }, job: { id }, plan, measurementId }: Question,
  { known, store, recordBase }: RunContext,
): ScenarioRecord | null {
  const found = plan.status === 'ready' ? known.find('scenario', { measurementId, id }) : null;
  if (found === null) return null;
  const { environment } = found.record;
  const base = recordBase({ id, measurementId }, subjectOf(planned, group));
  return { ...found.record, ...base, environment, reusedFrom: originOf(found, store) };
}

async function measureScenario(question: Question, context: RunContext): Promise<ScenarioRecord> {
  const { group, job, cell, plan, probe } = question;
  const { clock } = context;
  const [startedAt, start] = [clock.timestamp(), clock.nowMs()];
  const { outcome, warnings } =
    plan.status === 'ready'
      ? await runUnchanged(plan, async () =>
          runReady(
            await requestOf(question, plan.artifact),
            context.limits(group.planned.loaded.suite),
            context,
          ),
        )
      : { outcome: plan, warnings: [] };
  const measurementId = outcome.status === 'measured' ? question.measurementId : null;
  return {
    ...context.recordBase({ id: job.id, measurementId }, subjectOf(group.planned, group.group)),
    kind: 'scenario',
    startedAt,
    durationMs: clock.nowMs() - start,
    variant: cell.variant,
    scenario: job.scenario.kind,
    outcome,
    warnings: [...warnings, ...adapterDoubt(probe)],
  };
}

function cellOf({ cells }: PreparedGroup, job: ScenarioJob): PreparedCell {
  const cell = cells.find(({ variant }) => variant.name === job.variant);
  if (cell === undefined) throw new Error(`internal: no cell of ${job.variant} in its group`);
  return cell;
}

/** A cell that is not timed has no scenarios, nor has a device whose threads cannot be chosen a sweep over them. */
function planOf(
  { plan }: PreparedCell,
  { scenario, target }: ScenarioJob,
  untimed: PreparedCell['plan'] | null,
): PreparedCell['plan'] {
  const isSweepable = target.runner === 'onnxruntime' && target.device === 'cpu';
  if (untimed !== null || scenario.kind !== 'thread-sweep' || isSweepable) return untimed ?? plan;
  const reason = `${formatTarget(target)} does not let its threads be chosen`;
  return { status: 'skipped', code: 'not-applicable', reason };
}

async function requestOf({ group, job, budget }: Question, artifact: Artifact): Promise<ScenarioRequest> {
  const { suite } = group.planned.loaded;
  const { threads, batchSize, seed } = suite.timing;
  return {
    scenario: job.scenario,
    target: job.target,
    artifact,
    threads,
    batchSize,
    samples: await loadSamples(group.planned.dataset.test),
    seed,
    level: 1 - suite.policy.alpha,
    budget,
  };
}

/** A suite may ask for another duration than the form's; a quick run is not made longer by it. */
function budgetOf(form: Form, durationSeconds: number | null): ScenarioBudget {
  const asked = durationSeconds === null ? form.scenarios.durationMs : durationSeconds * 1000;
  const durationMs = form.name === 'quick' ? Math.min(asked, form.scenarios.durationMs) : asked;
  return { ...form.scenarios, durationMs };
}

/** As many samples as are drawn from: one tells how large they are. */
async function loadSamples(stream: SampleStream): Promise<Tensors> {
  const { inputs } = await firstBatch(stream, 1);
  const bytes = Object.values(inputs).reduce((sum, tensor) => sum + bytesOfRow(tensor), 0);
  const rows = Math.min(mostSamples, Math.max(1, Math.floor(mostSampleBytes / bytes)));
  return (await firstBatch(stream, rows)).inputs;
}

/** Strings count as 64 bytes each. */
function bytesOfRow({ type, shape, data }: Tensor): number {
  const elements = elementCount(shape.slice(1));
  return elements * (type === 'string' ? 64 : data.BYTES_PER_ELEMENT);
}

function sessionsOf({ scenario, target }: ScenarioRequest): number {
  if (scenario.kind === 'server') return scenario.workers;
  return scenario.kind === 'offline' ? target.settings.deviceIndexes.length : 1;
}

interface Ran {
  outcome: ScenarioOutcome;
  warnings: Warning[];
}

/** What came of a model counts only where its files are those that were planned, before and after. */
async function runUnchanged(plan: PreparedCell['plan'], run: () => Promise<Ran>): Promise<Ran> {
  const before = await changeOf({ plan });
  if (before !== null) return { outcome: before, warnings: [] };
  const ran = await run();
  const after = await changeOf({ plan });
  return after === null ? ran : { outcome: after, warnings: [] };
}

async function runReady(
  request: ScenarioRequest,
  limits: Limits,
  { form, signal }: RunContext,
): Promise<Ran> {
  const sessions = sessionsOf(request);
  const { timeoutMs, memoryBytes } = limitsTogether(limits, sessions);
  const conditions = { timeoutMs: timeoutMs + 8 * request.budget.durationMs, memoryBytes, signal };
  const before = readMachineState();
  const ran = await runInProcess(request, conditions);
  if (ran.status === 'failed') return { outcome: ran, warnings: [] };
  const situation = { form: form.name, threads: request.threads, device: request.target.device };
  const warnings = [
    ...doubtsBetween(before, readMachineState(), situation),
    ...steadyDoubt(ran.unsteady, situation),
  ];
  return { outcome: { status: 'measured', result: ran.result }, warnings };
}
