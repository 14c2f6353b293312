import { AssayError } from '../../core/errors.ts';
import type { Tensors } from '../../core/tensor.ts';
import type { Shapes } from '../../models/explain/examined.ts';
import type { Profile } from '../../models/explain/profile.ts';
import { formatOf } from '../../models/format.ts';
import { baselineVariant } from '../../models/variant.ts';
import { formatTarget } from '../../results/target-schema.ts';
import { parseTarget, type Target } from '../../suites/target.ts';
import { buildInHost } from '../build-in-host.ts';
import { readEnvironment } from '../environment.ts';
import { failureOf, type Host } from '../pool/supervise.ts';
import { probeTargets } from '../probe-targets.ts';
import type { Artifact } from '../runner.ts';
import { cannotRun } from './cannot-run.ts';
import { shapesOf } from './find-inputs.ts';
import { profileInProcess } from './profile-in-process.ts';
import type { InputsResult } from './tasks.ts';

/** What is to be explained, and where it is to run. */
export interface ExplainRequest {
  /** An ONNX file, or the `model.json` of a layers model of TF.js. */
  model: { path: string; sha256: string };
  /** What passes calibrate on, and inputs are of; null where there is none. */
  dataset: string | null;
  target: Target;
  batchSize: number;
  threads: number;
  /** Of inputs that are to be made up in other shapes than those of the dataset. */
  shapes: Shapes;
  cacheDir: string;
  /** Of one step: making a variant, profiling, timing in one process. */
  timeoutMs: number;
}

export interface ExplainEffects {
  host: Host;
  signal: AbortSignal;
  /** Told before each step, never while something is timed. */
  report: (step: string) => void;
}

/** The baseline where it is to run. */
export interface Subject extends ExplainRequest {
  cpuFlags: readonly string[];
  inputs: Tensors;
  areInputsMadeUp: boolean;
  shapesKnown: { calibrated: Shapes | null; served: Shapes };
  profile: Profile;
  /** The CPU in place of a device that does not run here. */
  profiledOn: Target;
}

const cpu = parseTarget('onnxruntime/cpu');

/**
 * Finds inputs for the baseline and times its nodes. Throws an AssayError where it does not run; a device that does not run here is
 * stood in for by the CPU where `standIn` allows it, else it is `target-unavailable`.
 */
export async function prepareSubject(
  given: ExplainRequest,
  { standIn }: { standIn: boolean },
  effects: ExplainEffects,
): Promise<Subject> {
  const profiledOn = await availableTarget(given, standIn, effects);
  effects.report('profiling the baseline');
  const model = await asOnnx(given, effects.host);
  const request = { ...given, model };
  const artifact = { format: 'onnx', path: request.model.path } as const;
  const found = await inputsFor(request, artifact, effects);
  const { inputs, areMadeUp, calibrated } = found;
  const profile = await profileOf(artifact, { ...request, target: profiledOn, inputs }, effects);
  if (typeof profile === 'string') throw cannotRun({ ...request, ...found }, profile);
  return {
    ...request,
    ...{ inputs, profile, profiledOn, areInputsMadeUp: areMadeUp },
    cpuFlags: readEnvironment().cpu.flags,
    shapesKnown: { calibrated, served: shapesOf(inputs) },
  };
}

/** A layers model of TF.js is written as ONNX first. */
async function asOnnx({ model, cacheDir }: ExplainRequest, host: Host): Promise<ExplainRequest['model']> {
  if (formatOf(model.path) === 'onnx') return model;
  const asked = { model, format: 'onnx', variant: baselineVariant, dataset: null, cacheDir } as const;
  const built = await buildInHost(asked, host);
  if (built.status === 'built') return { path: built.path, sha256: built.variant.sha256 };
  if (built.status === 'refused') throw built.error;
  throw new AssayError('model-invalid', `${model.path} cannot become ONNX: ${built.reason}.`);
}

async function availableTarget(
  { target, timeoutMs }: ExplainRequest,
  standIn: boolean,
  { host, report }: ExplainEffects,
): Promise<Target> {
  const name = formatTarget(target);
  const probe = (await probeTargets([target], host, { timeoutMs, report })).get(name);
  if (probe?.status === 'works') return target;
  if (standIn) return cpu;
  const { reason = '', remedy = 'assay doctor' } = probe ?? {};
  throw new AssayError('target-unavailable', `${name} does not run here: ${reason}`, { hint: remedy });
}

async function inputsFor(
  request: ExplainRequest,
  artifact: Artifact,
  { host }: ExplainEffects,
): Promise<InputsResult> {
  const { dataset, batchSize, shapes } = request;
  const found = await host.run({ kind: 'inputs', target: cpu, artifact, dataset, batchSize, shapes });
  if (found.status === 'done') return found.result;
  if (found.status === 'refused') throw found.error;
  throw new AssayError(
    'nothing-measured',
    `Model ${request.model.path} cannot be tried: ${failureOf(found).reason}.`,
  );
}

/** The profile of a model in a process of its own, or why there is none. */
export async function profileOf(
  artifact: Artifact,
  { target, threads, inputs, timeoutMs }: Pick<Subject, 'target' | 'threads' | 'inputs' | 'timeoutMs'>,
  { signal }: Pick<ExplainEffects, 'signal'>,
): Promise<Profile | string> {
  const answer = await profileInProcess({ artifact, target, threads, inputs }, { timeoutMs, signal });
  if (signal.aborted) throw new AssayError('interrupted', 'Interrupted.');
  return answer.status === 'ok' ? answer.profile : answer.reason;
}
