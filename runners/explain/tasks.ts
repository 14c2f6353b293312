import type { Advice } from '../../core/advice.ts';
import type { Tensors, TensorSpec } from '../../core/tensor.ts';
import type { Shapes } from '../../models/explain/examined.ts';
import type { Expected } from '../../models/explain/expect.ts';
import type { Profile } from '../../models/explain/profile.ts';
import type { PassStep } from '../../models/variant.ts';
import type { Target } from '../../suites/target.ts';
import type { Artifact } from '../runner.ts';

/** Find inputs to call a model with: of the test split of a dataset, or made up where there is none, or other shapes are wanted. */
export interface InputsTask {
  kind: 'inputs';
  target: Target;
  artifact: Artifact;
  dataset: string | null;
  batchSize: number;
  /** Of the inputs to be made up; empty where they are to be as usual. */
  shapes: Shapes;
}

export interface InputsResult {
  inputs: Tensors;
  areMadeUp: boolean;
  /** The inputs of the model, as it declares them. */
  declared: readonly TensorSpec[];
  /** Of the batches that passes calibrate on; null where there is no dataset. */
  calibrated: Shapes | null;
}

/** Time every node of a model over some calls. */
export interface ProfileTask {
  kind: 'profile';
  target: Target;
  artifact: Artifact;
  threads: number;
  inputs: Tensors;
}

/** Say what is to be expected of a variant, and advise, before it is timed. */
export interface ExamineTask {
  kind: 'examine';
  target: Target;
  cpuFlags: readonly string[];
  /** Paths of ONNX files; of a baseline, both are the same. */
  files: { baseline: string; variant: string };
  steps: readonly PassStep[];
  profiles: { baseline: Profile | null; variant: Profile | null };
  shapes: { calibrated: Shapes | null; served: Shapes | null };
}

/** Try passes on the inputs of one call, keep nothing of it, and advise on what they would make of a model. */
export interface ForeseeTask extends Pick<ExamineTask, 'target' | 'cpuFlags' | 'steps' | 'shapes'> {
  kind: 'foresee';
  /** Path of the ONNX file of the baseline. */
  file: string;
  /** Null where there will be no calibration data. */
  inputs: Tensors | null;
  profile: Profile | null;
}

export type ForeseeResult =
  { status: 'made'; advice: Advice[] } | { status: 'not-applicable'; reason: string };

/** Say how far the outputs of a variant are from those of its baseline. */
export interface NoiseTask {
  kind: 'noise';
  target: Target;
  artifacts: { baseline: Artifact; variant: Artifact };
  inputs: Tensors;
}

/** How many nodes there are of each operator. */
export type OperatorCounts = Readonly<Record<string, number>>;

export interface ExamineResult {
  advice: Advice[];
  /** Null for a baseline, and where no profile of it is known. */
  expected: Expected | null;
  /** As the file has it, and after ONNX Runtime's fusions for the CPU; null where it was not asked to fuse. */
  operators: { stored: OperatorCounts; executed: OperatorCounts | null };
}
