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
import type { Form, ScenarioBudget } from '../form.ts';
import { originOf } from '../known-records.ts';
import { limitsTogether, type Limits } from '../limits.ts';
import { subjectOf } from '../plan.ts';
import type { PreparedCell, PreparedGroup } from '../prepare-cells.ts';
import type { RunContext } from '../run-context.ts';
import type { Artifact, Probe } from '../runner.ts';
import type { ScenarioRequest } from './request.ts';
import { runInProcess } from './run-in-process.ts';

export interface ScenarioOptions {
  /** By target name. */
  probes: ReadonlyMap<string, Probe>;
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
      const kept = reuseScenario(group, job, context);
      const record = kept ?? (await measureScenario(group, job, options));
      if (context.signal.aborted) return false;
      await context.store.saveRecord(record);
      context.report({ kind: kept === null ? 'scenario-finished' : 'kept', record });
      isWhole &&= record.outcome.status !== 'failed';
    }
  }
  return isWhole;
}

function reuseScenario(
  { planned, group }: PreparedGroup,
  { id }: ScenarioJob,
  { known, store, recordBase }: RunContext,
): ScenarioRecord | null {
  const found = known.get(id);
  if (found?.record.kind !== 'scenario') return null;
  return {
    ...found.record,
    ...recordBase(id, subjectOf(planned, group)),
    reusedFrom: originOf(found, store),
  };
}

async function measureScenario(
  group: PreparedGroup,
  job: ScenarioJob,
  { probes, context }: ScenarioOptions,
): Promise<ScenarioRecord> {
  const { clock } = context;
  const cell = cellOf(group, job);
  const subject = subjectOf(group.planned, group.group);
  const probe = probes.get(formatTarget(job.target));
  const [startedAt, start] = [clock.timestamp(), clock.nowMs()];
  const plan = planOf(cell, job, probe);
  const { outcome, warnings } =
    plan.status === 'ready'
      ? await runReady(
          await requestOf(group, job, { artifact: plan.artifact, form: context.form }),
          context.limits(group.planned.loaded.suite),
          context,
        )
      : { outcome: plan, warnings: [] };
  return {
    ...context.recordBase(job.id, subject),
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

/** A cell that is not ready has no scenarios, nor has a device whose speed or threads are not one's own. */
function planOf({ plan }: PreparedCell, job: ScenarioJob, probe: Probe | undefined): PreparedCell['plan'] {
  if (plan.status !== 'ready') return plan;
  const skip = (reason: string): PreparedCell['plan'] => ({
    status: 'skipped',
    code: 'not-applicable',
    reason,
  });
  if (probe?.status === 'works' && probe.isSoftware)
    return skip('the GPU adapter is software: its speed says nothing of a GPU');
  const target = formatTarget(job.target);
  if (job.scenario.kind === 'thread-sweep' && target !== 'onnxruntime/cpu')
    return skip(`${target} does not let its threads be chosen`);
  return plan;
}

async function requestOf(
  { planned }: PreparedGroup,
  { scenario, target }: ScenarioJob,
  { artifact, form }: { artifact: Artifact; form: Form },
): Promise<ScenarioRequest> {
  const { suite } = planned.loaded;
  const { threads, batchSize, seed } = suite.timing;
  return {
    scenario,
    target,
    artifact,
    threads,
    batchSize,
    samples: await loadSamples(planned.dataset.test),
    seed,
    level: 1 - suite.policy.alpha,
    budget: budgetOf(form, scenario.durationSeconds),
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

async function runReady(
  request: ScenarioRequest,
  limits: Limits,
  { form, signal }: RunContext,
): Promise<{ outcome: ScenarioOutcome; warnings: Warning[] }> {
  const sessions = request.scenario.kind === 'server' ? request.scenario.workers : 1;
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
