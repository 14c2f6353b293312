import type { BatchInvariance, MetricValue } from '../../results/schema.ts';
import type { Warning } from '../../results/warning-schema.ts';
import type { TaskOptions } from '../../suites/schema.ts';
import type { Target } from '../../suites/target.ts';
import type { Predictions } from '../../tasks/predictions.ts';
import type { Artifact, Probe } from '../runner.ts';

/** Evaluate one cell: load the dataset and the model, predict the test split, compute the metrics. */
export interface EvaluateTask {
  kind: 'evaluate';
  target: Target;
  artifact: Artifact;
  dataset: string;
  task: TaskOptions;
  metrics: readonly string[];
  /** Confidence level of the metrics' intervals. */
  level: number;
  seed: number;
}

export interface EvaluateResult {
  predictions: Predictions;
  metrics: MetricValue[];
  batchInvariance: BatchInvariance;
  warnings: Warning[];
}

/** Prove that a target runs here. */
export interface ProbeTask {
  kind: 'probe';
  target: Target;
}

/** See whether a model loads and takes the dataset's inputs. */
export interface CheckTask {
  kind: 'check';
  target: Target;
  artifact: Artifact;
  dataset: string;
}

/** What a worker can be asked, and what it answers. */
export interface WorkerTasks {
  evaluate: { task: EvaluateTask; result: EvaluateResult };
  probe: { task: ProbeTask; result: Probe };
  check: { task: CheckTask; result: null };
}

export type WorkerTask = WorkerTasks[keyof WorkerTasks]['task'];
export type ResultOf<Task extends WorkerTask> = WorkerTasks[Task['kind']]['result'];

/** CLI to host, and back; `number` pairs them. */
export interface HostRequest {
  number: number;
  task: WorkerTask;
}

export type HostReply =
  | { number: number; status: 'done'; result: ResultOf<WorkerTask> }
  | { number: number; status: 'failed'; reason: string };
