import type { OnnxGraph, OnnxModel } from '../onnx/model.ts';
import type { PassStep } from '../variant.ts';
import type { Profile } from './profile.ts';
import type { Situation } from './situation.ts';

/** Shapes of the inputs of a call, by name. */
export type Shapes = Readonly<Record<string, readonly number[]>>;

/** All that is known of a model that is about to run somewhere. What is null is not known, and gives no advice. */
export interface Examined {
  /** As its file has it. */
  stored: OnnxModel | null;
  /** As ONNX Runtime runs it on the CPU after its fusions. */
  executed: OnnxGraph | null;
  /** What made it of its baseline; empty for a baseline. */
  steps: readonly PassStep[];
  situation: Situation;
  shapes: { calibrated: Shapes | null; served: Shapes | null };
  /** Of the baseline where it is to run. */
  baseline: Profile | null;
  /** Of the model itself there. */
  profile: Profile | null;
}

/** What was found in one respect, in words; null where there is nothing to advise. */
export type Rule = (examined: Examined) => string | null;
