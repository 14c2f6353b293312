import type { EvaluateTask } from '../../runners/pool/task.ts';

/** A dataset and a model on disk, and what is asked of them: the same for Assay and its peers. */
export interface Workload {
  name: string;
  /** Comma-separated, with column names first; the last column is what is predicted. */
  csv: string;
  /** Row-major shape of one sample as the model takes it. */
  shape: readonly number[];
  /** What each cell is divided by. */
  divideBy: number;
  dataset: string;
  model: string;
  task: EvaluateTask['task'];
  metrics: readonly string[];
}
