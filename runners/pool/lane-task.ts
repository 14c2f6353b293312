import type { Samples } from '../../core/samples.ts';
import type { Tensors } from '../../core/tensor.ts';
import type { CsvLayout, Scan } from '../../datasets/readers/scan-cells.ts';
import type { BatchInvariance } from '../../results/quality-schema.ts';
import type { Warning } from '../../results/warning-schema.ts';
import type { RunnerKind, Target } from '../../suites/target.ts';
import type { Stretch } from '../../tasks/next-tokens.ts';
import type { Predictions } from '../../tasks/predictions.ts';
import type { TaskOptions } from '../../tasks/task-options.ts';
import type { TimedSuite } from '../asked-batches.ts';
import type { Artifact } from '../runner.ts';
import type { Scored } from '../scores.ts';
import type { EvaluateTask, WorkerTasks } from './task.ts';

/** A model that a lane keeps loaded until it is asked for another. */
export interface LoadedModel {
  artifact: Artifact;
  target: Target;
  deviceIndex: number;
}

/** Load a model, before there are samples for it. */
export interface OpenTask {
  kind: 'open';
  model: LoadedModel;
}

/** Predict some samples of a dataset; their input tensors lie in memory that all threads share. */
export interface PredictTask {
  kind: 'predict';
  model: LoadedModel;
  task: TaskOptions;
  /** Whole batches, one or several of them in each. */
  batches: readonly Samples[];
  /** Samples a call. */
  batchSize: number;
  /** Where they lie in the dataset. */
  stretch: Stretch;
}

/** Give up the model that a lane keeps. */
export interface CloseTask {
  kind: 'close';
}

/** Run the same samples one by one and together. */
export interface InvarianceTask {
  kind: 'invariance';
  model: LoadedModel;
  inputs: Tensors;
}

/** See which nodes of a model ran on the processor, though it was to run on another device. */
export interface PlacementTask {
  kind: 'placement';
  model: LoadedModel;
  inputs: Tensors;
}

/** Load a model, bind inputs to it and hold what it declares of its outputs against the task, for some samples. */
export interface LoadTask {
  kind: 'load';
  model: LoadedModel;
  samples: Pick<Samples, 'inputs' | 'references'>;
  task: TaskOptions;
  /** As that of a `CheckTask`. */
  timed?: TimedSuite;
}

/** Read lines of CSV that lie in memory that all threads share. */
export interface ScanTask {
  kind: 'scan';
  bytes: Uint8Array;
  layout: CsvLayout;
}

/** Load the code that evaluates cells of some runners, before any is asked for. */
export interface LoadCodeTask {
  kind: 'load-code';
  runners: readonly RunnerKind[];
}

/** Compute metrics of all predictions of a cell, each by itself; null is a memory that kernels do not read. */
export interface ScoreTask extends Pick<EvaluateTask, 'metrics' | 'level' | 'seed'> {
  kind: 'score';
  predictions: Predictions;
  memory: WebAssembly.Memory | null;
}

/** What a lane can be asked, and what it answers. */
export interface LaneTasks extends Omit<WorkerTasks, 'evaluate' | 'score-stored' | 'check'> {
  'load-code': { task: LoadCodeTask; result: null };
  load: { task: LoadTask; result: null };
  close: { task: CloseTask; result: null };
  open: { task: OpenTask; result: null };
  predict: { task: PredictTask; result: Predictions };
  placement: { task: PlacementTask; result: Warning[] };
  invariance: { task: InvarianceTask; result: BatchInvariance };
  scan: { task: ScanTask; result: Scan | null };
  score: { task: ScoreTask; result: Scored[] };
}

export type LaneTask = LaneTasks[keyof LaneTasks]['task'];
export type LaneResultOf<Task extends LaneTask> = LaneTasks[Task['kind']]['result'];
