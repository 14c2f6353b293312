import type { OnnxModel } from '../onnx/model.ts';
import { passes } from '../passes/registry.ts';
import { exampleVariants, parseVariant, stepsOn } from '../variant.ts';
import { expectSpeed, type Expectation, type Situation } from './expect.ts';
import { touchedShare } from './touched-share.ts';

/** What a variant would change of a model, and what that is likely to do. */
export interface Advice extends Expectation {
  variant: string;
  /** Share of the stored numbers that are weights of the operators its passes rewrite, 0 to 1. */
  touches: number;
}

/** A pass that reaches less of a model than this hardly changes it. */
const worthwhileShare = 0.1;

/** One variant of each kind, with what to expect of it where the model is to run. */
export function explainModel(model: OnnxModel, situation: Situation): Advice[] {
  return exampleVariants.map((variant) => explainVariant(model, variant, situation));
}

function explainVariant(model: OnnxModel, variant: string, situation: Situation): Advice {
  const [step] = stepsOn(parseVariant(variant), 'onnx') ?? [];
  if (step === undefined) throw new Error(`internal: ${variant} has no pass`);
  // Half precision is not for certain operators: what stays in float32 is the exception.
  const touches = step.pass === 'convert-fp16' ? 1 : touchedShare(model, passes[step.pass].operators);
  if (touches >= worthwhileShare) return { variant, touches, ...expectSpeed(step, situation) };
  const operators = passes[step.pass].operators.join(', ');
  const because = `hardly any weight of this model belongs to ${operators}`;
  return { variant, touches, speed: 'as fast', because };
}
