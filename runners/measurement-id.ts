import { hashOf } from '../core/hash.ts';
import { dataIdentity } from '../datasets/data-identity.ts';
import type { Environment } from '../results/environment-schema.ts';
import type { Suite } from '../suites/schema.ts';
import { processorDevices, type Target } from '../suites/target.ts';
import type { TaskOptions } from '../tasks/task-options.ts';
import { fingerprintOf } from './environment.ts';
import type { Form, ScenarioBudget } from './form.ts';
import { ownCode } from './own-code.ts';
import type { PlannedSuite } from './plan.ts';

/** A model that is measured: what its files hold, and the name its figures are kept under. */
export interface MeasuredModel {
  name: string;
  /** Content hash of the artifact: whatever made it, it is the same model. */
  sha256: string | null;
}

/** What every measurement depends on beside what it measures. */
export interface Setting {
  planned: PlannedSuite;
  target: Target;
  environment: Environment;
}

/** Of predictions: not of what is computed from them, nor of how long they take (`docs/decisions/005`). */
export function predictionsId(
  { sha256 }: MeasuredModel,
  task: TaskOptions,
  { planned, target, environment }: Setting,
): string {
  return hashOf({
    kind: 'predictions',
    model: sha256,
    data: dataIdentity(planned.dataset.manifest),
    task,
    target: unlabelled(target),
    computing: outputsDependOn(target, environment),
    by: ownCode(),
  });
}

/** Of the times of a group and what its variants take alone: not of a policy, nor of any metric of quality. */
export function timesId(
  models: readonly MeasuredModel[],
  { form, task }: { form: Form; task: TaskOptions },
  { planned, target, environment }: Setting,
): string {
  const { name, looks, epochs, epochMs, warmUpMs, profileMs, budgetMs } = form;
  return hashOf({
    kind: 'times',
    models,
    data: dataIdentity(planned.dataset.manifest),
    // Prompts are continued, and tokens timed, beside the calls that any task has.
    generation: task.kind === 'generation' ? task : null,
    target: unlabelled(target),
    timing: planned.loaded.suite.timing,
    form: { name, looks, epochs, epochMs, warmUpMs, profileMs, budgetMs },
    machine: timesDependOn(target, environment),
    by: ownCode(),
  });
}

/** Of what a scenario finds. */
export function scenarioId(
  { sha256 }: MeasuredModel,
  { scenario, budget }: { scenario: NonNullable<Suite['scenarios']>[number]; budget: ScenarioBudget },
  { planned, target, environment }: Setting,
): string {
  const { timing, policy } = planned.loaded.suite;
  return hashOf({
    kind: 'scenario',
    model: sha256,
    data: dataIdentity(planned.dataset.manifest),
    target: unlabelled(target),
    timing,
    scenario,
    budget,
    level: 1 - policy.alpha,
    machine: timesDependOn(target, environment),
    by: ownCode(),
  });
}

/** A label only tells two targets apart. */
function unlabelled({ runner, device, settings }: Target): Omit<Target, 'label'> {
  return { runner, device, settings };
}

/** What takes part on every device of a runner. */
const sharedPackages = {
  onnxruntime: ['onnxruntime-node'],
  tfjs: ['core', 'converter', 'layers', 'backend-cpu'].map((name) => `@tensorflow/tfjs-${name}`),
} as const satisfies Record<Target['runner'], readonly string[]>;

/** What takes part on one device beside it. */
const ownPackages: Readonly<Record<string, readonly string[]>> = {
  'tfjs/wasm': ['@tensorflow/tfjs-backend-wasm'],
  'tfjs/webgpu': ['@tensorflow/tfjs-backend-webgpu', 'webgpu'],
  'tfjs/node': ['@tensorflow/tfjs-node', 'libtensorflow'],
  'tfjs/node-gpu': ['@tensorflow/tfjs-node-gpu', 'libtensorflow-gpu'],
};

/** The runtime and the kernels it picks: by the processor's instructions, and on a GPU by the card and its driver. */
function outputsDependOn(target: Target, environment: Environment): unknown {
  const { runner, device } = target;
  const { cpu, graphics, settings, v8 } = environment;
  return {
    packages: packagesFor(target, environment),
    architecture: process.arch,
    flags: cpu.flags,
    ...(runner === 'tfjs' ? { v8 } : {}),
    ...(processorDevices.includes(device) ? {} : { graphics, settings }),
  };
}

/** The whole machine, but only the packages that take part. */
function timesDependOn(target: Target, environment: Environment): string {
  const packages = { ...packagesFor(target, environment), tinybench: environment.packages.tinybench ?? '' };
  return fingerprintOf({ ...environment, packages });
}

function packagesFor({ runner, device }: Target, { packages }: Environment): Record<string, string> {
  const names = [...sharedPackages[runner], ...(ownPackages[`${runner}/${device}`] ?? [])];
  return Object.fromEntries(Object.entries(packages).filter(([name]) => names.includes(name)));
}
