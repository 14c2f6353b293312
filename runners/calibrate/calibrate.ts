import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { systemClock, type Clock } from '../../core/clock.ts';
import { AssayError } from '../../core/errors.ts';
import { median, sortAscending } from '../../core/statistics/quantile.ts';
import { stackInputs, stackModel } from '../../models/synthetic/stack-model.ts';
import { stackSizes, type StackSize } from '../../models/synthetic/stack-sizes.ts';
import { medianLogRatio } from '../../results/compare-latency.ts';
import { parseTarget } from '../../suites/target.ts';
import { forms, type Form } from '../form.ts';
import type { ContenderTimes } from '../timing/group-times.ts';
import { timeGroup, type TimeGroupRequest } from '../timing/time-group.ts';
import { calibrateModel, type TwinTimes } from './calibrate-model.ts';
import type { Calibration } from './calibration-schema.ts';
import { twoPercentDesign as design } from './two-percent-design.ts';

/** How much of a machine's time a calibration takes. */
export type CalibrationForm = Calibration['form'];

/** What is timed, and how long. */
export interface CalibrationPlan {
  sizes: readonly StackSize[];
  /** Of each size. */
  processes: number;
  epochs: number;
  epochMs: number;
}

const sizes = Object.keys(stackSizes) as StackSize[];
/** As many pairs a process as a run of the default form has for a group of three variants. */
const perProcess = { sizes, epochs: 6, epochMs: forms.default.epochMs };

const plans = {
  default: { ...perProcess, processes: 14 },
  thorough: { ...perProcess, processes: 28 },
} as const satisfies Record<CalibrationForm, CalibrationPlan>;

export interface CalibrationRequest {
  fingerprint: string;
  form: CalibrationForm;
  /** That of the form where left out. */
  plan?: CalibrationPlan;
}

export interface CalibrateEffects {
  signal: AbortSignal;
  /** Called before each model is timed, never while. */
  report: (model: string) => void;
  clock?: Clock;
}

/** Times twins, networks of about 0.1, 1 and 10 ms against themselves, as a run times variants. About a minute, or two. */
export async function calibrate(
  { fingerprint, form, plan = plans[form] }: CalibrationRequest,
  { signal, report, clock = systemClock }: CalibrateEffects,
): Promise<Calibration> {
  const [madeAt, start] = [clock.timestamp(), clock.nowMs()];
  const folder = await mkdtemp(path.join(tmpdir(), 'assay-calibrate-'));
  const models: Calibration['models'] = [];
  try {
    for (const size of plan.sizes) {
      report(size);
      const twins = await timeTwins(size, plan, { folder, signal });
      models.push(calibrateModel(twins, design));
    }
  } finally {
    await rm(folder, { recursive: true });
  }
  const durationMs = clock.nowMs() - start;
  const margin = design.maxSlowdown;
  return { schemaVersion: 1, fingerprint, madeAt, durationMs, form, margin, models };
}

async function timeTwins(
  size: StackSize,
  { processes, epochs, epochMs }: CalibrationPlan,
  { folder, signal }: { folder: string; signal: AbortSignal },
): Promise<TwinTimes> {
  const form: Form = { ...forms.default, epochs, epochMs, profileMs: 0, budgetMs: null };
  const request = await twinRequest(size, folder);
  const looks = [processes];
  const times = await timeGroup({ ...request, design: { ...design, looks } }, { form, signal });
  if (signal.aborted)
    throw new AssayError('interrupted', 'The calibration was interrupted; nothing is stored.');
  const [first, ...others] = times.contenders.map(timed);
  if (first === undefined) throw new Error('internal: no twin was timed');
  const shifts = others.map((other) =>
    other.map((variant, process) => medianLogRatio({ baseline: first[process] ?? [], variant })),
  );
  const p50Ms = median(sortAscending(first.map((rounds) => median(sortAscending(rounds)))));
  return { name: size, p50Ms, shifts };
}

/** Two instances; timing adds the first once more as its control. */
async function twinRequest(size: StackSize, folder: string): Promise<Omit<TimeGroupRequest, 'design'>> {
  const { layers, width, rows } = stackSizes[size];
  const file = path.join(folder, `${layers}-${width}.onnx`);
  await writeFile(file, stackModel({ layers, width, seed: 1 }));
  const artifact = { format: 'onnx', path: file } as const;
  return {
    target: parseTarget('onnxruntime/cpu'),
    threads: 1,
    contenders: [
      { name: 'first', artifact },
      { name: 'second', artifact },
    ],
    inputs: { ...stackInputs({ rows, width, seed: 1 }) },
    seed: 1,
  };
}

/** The rounds of each process, or an error: a machine on which this fails cannot be calibrated. */
function timed(times: ContenderTimes): Float64Array[] {
  if (times.status === 'timed' && times.processes.length > 1)
    return times.processes.map(({ roundMs }) => roundMs);
  const reason = times.status === 'failed' ? times.reason : 'no process answered';
  throw new AssayError('nothing-measured', `The synthetic model could not be timed: ${reason}.`, {
    hint: 'assay doctor',
  });
}
