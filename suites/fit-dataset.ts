import { AssayError } from '../core/errors.ts';
import type { TaskKind } from '../core/task-kind.ts';
import { shellWord } from '../core/shell-word.ts';
import type { DatasetManifest } from '../datasets/manifest.ts';
import type { Target } from '../datasets/target.ts';
import { parseMetricId, readList } from '../tasks/metrics/metric-id.ts';
import { expandOutputs, everyOutput } from '../tasks/metrics/output-option.ts';
import type { LoadedSuite } from './load.ts';
import { columnOf } from './slice.ts';

/** The task that scores each kind of target, where nothing names another. */
export const taskOfTarget = {
  value: 'regression',
  class: 'classification',
  labels: 'multilabel',
  flags: 'multilabel',
  gain: 'ranking',
  tags: 'tagging',
  tokens: 'generation',
} as const satisfies Record<Target['kind'], TaskKind>;

/** The labels that apply to a row are also what is relevant among all of them. */
const furtherTasks: Partial<Record<Target['kind'], readonly TaskKind[]>> = {
  labels: ['ranking'],
  flags: ['ranking'],
};

/**
 * The suite with the metrics it asks of every output as one for each. Throws `suite-invalid` where its task does not score what
 * the dataset tells, or a metric names an output or a label that the dataset does not have.
 */
export function fitToDataset({ suite, file }: LoadedSuite, manifest: DatasetManifest): LoadedSuite['suite'] {
  const { id, target } = manifest;
  const problems = [
    ...wrongTask(suite, manifest),
    ...weightedErrors(suite, manifest),
    ...classlessSlices(suite),
    ...suite.metrics.flatMap((metric) => unknownNames(metric, namesOf(suite, target))),
    ...suite.metrics.flatMap((metric) => misplacedPositive(metric, namesOf(suite, target).labels)),
  ];
  if (problems.length > 0) {
    const message = `Suite ${suite.id} does not fit dataset ${id}:\n${problems.map((line) => `  ${line}`).join('\n')}`;
    throw new AssayError('suite-invalid', message, {
      hint: `correct it, then assay validate ${shellWord(file)}`,
    });
  }
  const outputs = target.kind === 'value' ? target.columns : [];
  return { ...suite, metrics: suite.metrics.flatMap((metric) => expandOutputs(metric, outputs)) };
}

function wrongTask({ task }: LoadedSuite['suite'], { target }: DatasetManifest): string[] {
  const wanted: readonly TaskKind[] = [taskOfTarget[target.kind], ...(furtherTasks[target.kind] ?? [])];
  return wanted.includes(task.kind)
    ? []
    : [`task: a dataset with a target "${target.kind}" is for ${wanted.join(' or ')}; found ${task.kind}`];
}

/** Samples that weigh differently are not counted. */
function weightedErrors({ policy }: LoadedSuite['suite'], { weight }: DatasetManifest): string[] {
  if (policy.maxDrop.kind !== 'errors' || weight === undefined) return [];
  return [
    `policy.maxDrop: "errors" needs a first metric that is a share of samples; these are weighted by "${weight}"`,
  ];
}

/** The name is that of the classes, also where a column is called so. */
function classlessSlices({ task, slices }: LoadedSuite['suite']): string[] {
  if (task.kind === 'classification' || !slices.some((slice) => columnOf(slice) === null)) return [];
  return [
    `slices: "class" slices by the classes of a classification; found ${task.kind}; a column of this name is sliced by as { "column": "class" }`,
  ];
}

function misplacedPositive(metric: string, labels: readonly string[]): string[] {
  if (!parseMetricId(metric).options.has('positive') || labels.length === 2) return [];
  return [
    `metrics: "${metric}" takes "positive" where there are two labels; there are ${labels.length}: ${labels.join(', ')}`,
  ];
}

/** What options of metrics may name. */
function namesOf(
  { task }: LoadedSuite['suite'],
  target: Target,
): Record<'output' | 'labels' | 'positive', readonly string[]> {
  const declared = task.kind === 'classification' ? (task.labels ?? []) : [];
  const labels = labelsOf(target);
  const both = [...new Set([...labels, ...declared])];
  return {
    output: target.kind === 'value' ? [...target.columns, everyOutput] : [],
    labels: both,
    positive: labels,
  };
}

function labelsOf(target: Target): readonly string[] {
  if (target.kind === 'flags') return target.columns;
  if (target.kind === 'class') return target.classes.map(({ label }) => label);
  return target.kind === 'labels' ? target.labels.map(({ label }) => label) : [];
}

function unknownNames(metric: string, known: Partial<Record<string, readonly string[]>>): string[] {
  return Array.from(parseMetricId(metric).options).flatMap(([option, written]) => {
    const accepted = known[option];
    const unknown =
      accepted === undefined ? [] : readList(written).filter((name) => !accepted.includes(name));
    return unknown.map(
      (name) => `metrics: "${metric}" names "${name}"; accepted are: ${accepted?.join(', ') ?? ''}`,
    );
  });
}
