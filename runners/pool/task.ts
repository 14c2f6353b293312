import type { BuildOutcome } from '../../models/build.ts';
import type { ModelFormat } from '../../models/format.ts';
import type { Profile } from '../../models/explain/profile.ts';
import type { VariantPlan } from '../../models/variant.ts';
import type { BatchInvariance } from '../../results/quality-schema.ts';
import type { Warning } from '../../results/warning-schema.ts';
import type { Target } from '../../suites/target.ts';
import type { Predictions } from '../../tasks/predictions.ts';
import type { TaskOptions } from '../../tasks/task-options.ts';
import type { TimedSuite } from '../asked-batches.ts';
import type {
  ExamineResult,
  ExamineTask,
  ForeseeResult,
  ForeseeTask,
  InputsResult,
  InputsTask,
  NoiseTask,
  ProfileTask,
} from '../explain/tasks.ts';
import type { Artifact, Probe } from '../runner.ts';
import type { Scores } from '../scores.ts';
import type { Reply } from './reply.ts';

/** Evaluate one cell: load the dataset and the model, predict the test split, compute the metrics. */
export interface EvaluateTask {
  kind: 'evaluate';
  target: Target;
  artifact: Artifact;
  /** Of all files of the artifact: weights may be in others than the one it is loaded from. */
  sizeBytes: number;
  dataset: string;
  task: TaskOptions;
  metrics: readonly string[];
  /** Confidence level of the metrics' intervals. */
  level: number;
  seed: number;
  /** What the process may take for this cell: no more copies of the model are loaded than fit. Unset, all that is free. */
  memoryBytes?: number;
  /** Of batches spread evenly over the test split; all samples where left out. */
  mostSamples?: number;
}

export interface EvaluateResult extends Scores {
  predictions: Predictions;
  batchInvariance: BatchInvariance;
  /** About the predictions, whatever is computed from them. */
  doubts: Warning[];
}

/** Compute metrics of predictions that are kept in a file. */
export interface ScoreStoredTask extends Pick<EvaluateTask, 'metrics' | 'level' | 'seed'> {
  kind: 'score-stored';
  file: string;
}

/** Prove that a target runs here. */
export interface ProbeTask {
  kind: 'probe';
  target: Target;
}

/** See whether a model loads, takes the dataset's inputs and has outputs that the task can read, and what to doubt about it. */
export interface CheckTask {
  kind: 'check';
  target: Target;
  artifact: Artifact;
  dataset: string;
  task: TaskOptions;
  /** How it will be timed, where it will. */
  timed?: TimedSuite;
}

/** Make the file of a variant, or find it among those that are kept. */
export interface BuildTask {
  kind: 'build';
  model: { path: string; sha256: string };
  /** As that of a `BuildRequest`. */
  format?: ModelFormat;
  /** A name; or a plan, which can leave out nodes that no name holds. */
  variant: string | VariantPlan;
  /** What passes calibrate on the training split of; null where there is none. */
  dataset: string | null;
  cacheDir: string;
  /** As that of a `BuildRequest`. */
  gzip?: boolean;
}

/** What a worker can be asked, and what it answers. */
export interface WorkerTasks {
  evaluate: { task: EvaluateTask; result: EvaluateResult };
  'score-stored': { task: ScoreStoredTask; result: Scores };
  probe: { task: ProbeTask; result: Probe };
  check: { task: CheckTask; result: Warning[] };
  build: { task: BuildTask; result: BuildOutcome };
  inputs: { task: InputsTask; result: InputsResult };
  profile: { task: ProfileTask; result: Profile };
  examine: { task: ExamineTask; result: ExamineResult };
  foresee: { task: ForeseeTask; result: ForeseeResult };
  noise: { task: NoiseTask; result: number | null };
}

export type WorkerTask = WorkerTasks[keyof WorkerTasks]['task'];
export type ResultOf<Task extends WorkerTask> = WorkerTasks[Task['kind']]['result'];

/** CLI to host, and back; `number` pairs them. */
export interface HostRequest {
  number: number;
  task: WorkerTask;
}

export type HostReply = { number: number } & Reply<ResultOf<WorkerTask>>;
