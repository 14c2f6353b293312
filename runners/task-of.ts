import type { ModelFormat } from '../models/format.ts';
import type { Model } from '../models/manifest.ts';
import type { TaskOptions } from '../tasks/task-options.ts';

/** The task of a suite with what the model's manifest tells of its output, where the suite itself says nothing. */
export function taskOf(task: TaskOptions, { manifest }: Model, format: ModelFormat): TaskOptions {
  if (manifest === null) return task;
  const { name, labels } = manifest.output;
  // The output of a TF.js form has a name of its own.
  const output = task.output ?? (format === 'onnx' ? name : undefined);
  return task.kind === 'classification'
    ? { ...task, output, labels: task.labels ?? labels }
    : { ...task, output };
}
