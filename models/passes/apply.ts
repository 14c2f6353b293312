import type { Artifact } from '../artifact-cache.ts';
import type { OnnxModel } from '../onnx/model.ts';
import { newestOpset, oldestOpset, opsetOf } from '../onnx/opset.ts';
import { variantName, type PassStep } from '../variant.ts';
import { startCalibration, type CalibrationData } from './calibration.ts';
import { noCalibration, type PassOutcome } from './pass.ts';
import { preparedForPasses } from './prepare.ts';
import { passes } from './registry.ts';

/** A model after passes, and what each of them did. */
export interface Applied<Model> {
  model: Model;
  lineage: Artifact['passes'];
}

/** Why a variant cannot be made of a model. */
export interface Skipped {
  reason: string;
}

/** Applies passes to an ONNX model, one after the other. */
export async function applyPasses(
  source: OnnxModel,
  steps: readonly PassStep<'onnx'>[],
  calibration: CalibrationData | undefined,
): Promise<Applied<OnnxModel> | Skipped> {
  if (steps.length === 0) return { model: source, lineage: [] };
  const opset = opsetOf(source);
  // A model without operators of ONNX itself has no set of them.
  if (opset > 0 && opset < oldestOpset)
    return { reason: `Passes take operator sets ${oldestOpset} to ${newestOpset}; the model has ${opset}.` };
  return applyEach(preparedForPasses(source), steps, (model, step) => applyStep(model, step, calibration));
}

/** Applies steps one after the other. One with nothing to do ends it: without it, the variant's name would promise what the file does not hold. */
export async function applyEach<Model, Step extends PassStep>(
  source: Model,
  steps: readonly Step[],
  apply: (model: Model, step: Step) => PassOutcome<Model> | Promise<PassOutcome<Model>>,
): Promise<Applied<Model> | Skipped> {
  let model = source;
  const lineage: Artifact['passes'] = [];
  for (const step of steps) {
    const outcome = await apply(model, step);
    if (outcome.status === 'nothing-to-do')
      return { reason: `${nothingFor(step, steps)}: ${outcome.reason}.${withoutIt(step, steps)}` };
    model = outcome.model;
    lineage.push({ pass: step.pass, parameters: { ...step.parameters }, summary: outcome.summary });
  }
  return { model, lineage };
}

function nothingFor(step: PassStep, steps: readonly PassStep[]): string {
  const before = steps.slice(0, steps.indexOf(step));
  return before.length === 0
    ? `${step.pass} has nothing to do`
    : `After ${variantName(before)} nothing is left for ${variantName([step])}`;
}

/** The variant that there is of the model, where another part of it was meant to be more. */
function withoutIt(step: PassStep, steps: readonly PassStep[]): string {
  const others = steps.filter((other) => other !== step);
  return others.length === 0 ? '' : ` Without it the variant is ${variantName(others)}.`;
}

async function applyStep(
  model: OnnxModel,
  { pass: name, parameters }: PassStep<'onnx'>,
  calibration: CalibrationData | undefined,
): Promise<PassOutcome> {
  const pass = passes[name];
  // ONNX Runtime loads none without an output that a node makes, to fold or to infer.
  if (model.graph.node.length === 0) return { status: 'nothing-to-do', reason: 'the graph has no nodes' };
  if (pass.needs === 'nothing') return pass.apply(model, parameters);
  const started = calibration === undefined ? null : startCalibration(calibration);
  if (pass.needs === 'calibration-for-some') return pass.apply(model, parameters, started);
  return started === null
    ? { status: 'nothing-to-do', reason: noCalibration }
    : pass.apply(model, parameters, started);
}
