import type { ModelFormat } from '../models/format.ts';
import type { Model } from '../models/manifest.ts';
import type { TaskOptions } from '../tasks/task-options.ts';

/** The task of a suite with what the model tells of its output, where the suite itself says nothing. */
export function taskOf(task: TaskOptions, { manifest, labels }: Model, format: ModelFormat): TaskOptions {
  // The output of a TF.js form has a name of its own.
  const output = task.output ?? (format === 'onnx' ? manifest?.output.name : undefined);
  if (!takesLabels(task)) return { ...task, output };
  const declared = task.labels ?? manifest?.output.labels ?? (labels === null ? undefined : [...labels]);
  return { ...task, output, labels: declared };
}

type Labelled = Extract<TaskOptions, { labels?: unknown }>;

function takesLabels(task: TaskOptions): task is Labelled {
  return task.kind === 'classification' || task.kind === 'multilabel' || task.kind === 'tagging';
}
