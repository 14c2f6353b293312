import { AssayError, messageOf } from '../core/errors.ts';
import { parseVariant } from '../models/variant.ts';
import { metricById } from '../tasks/metrics/registry.ts';
import type { TaskKind } from '../core/task-kind.ts';
import type { Suite } from './schema.ts';
import { parseTarget, targetNames } from './target.ts';
import { checkTargetSettings } from './target-options.ts';
import { formatTarget } from '../results/target-schema.ts';

/** Checks the names a schema cannot: metrics, variants and targets. Throws one AssayError that lists them all. */
export function checkReferences(suite: Suite, file: string): void {
  const problems = [
    ...suite.metrics.flatMap((id) => problemOf(`metrics`, () => metricById(id, suite.task.kind))),
    ...suite.variants.flatMap((name) => problemOf(`variants`, () => parseVariant(name))),
    ...suite.targets.flatMap((given) =>
      problemOf(`targets`, () => {
        checkTargetSettings(parseTarget(given));
      }),
    ),
    ...misplacedErrors(suite),
    ...(['models', 'metrics', 'variants'] as const).flatMap((field) => duplicates(suite, field)),
    ...sameTargets(suite),
  ];
  if (problems.length === 0) return;
  const message = `Invalid suite in ${file}:\n${problems.map((line) => `  ${line}`).join('\n')}`;
  throw new AssayError('suite-invalid', message, { hint: `assay validate ${file}` });
}

/** A number of errors means nothing to a metric that is not a share of samples. */
function misplacedErrors({ policy, metrics: [first], task }: Suite): string[] {
  if (policy.maxDrop.kind !== 'errors' || first === undefined || countsSamples(first, task.kind)) return [];
  return [
    `policy.maxDrop: "errors" needs a first metric that is a share of samples, such as accuracy; found "${first}"`,
  ];
}

function countsSamples(id: string, task: TaskKind): boolean {
  const [metric] = problemOf('metrics', () => metricById(id, task)).length > 0 ? [] : [metricById(id, task)];
  return metric?.sampleScores !== undefined && metric.range[0] === 0 && metric.range[1] === 1;
}

function problemOf(field: string, check: () => unknown): string[] {
  try {
    check();
    return [];
  } catch (thrown) {
    if (!(thrown instanceof AssayError)) throw thrown;
    return [`${field}: ${messageOf(thrown)}`];
  }
}

function duplicates(suite: Suite, field: 'models' | 'metrics' | 'variants'): string[] {
  const values = suite[field];
  const repeated = values.filter((value, index) => values.indexOf(value) !== index);
  return repeated.map((value) => `${field}: "${value}" is there twice`);
}

/** Two targets of one runner and device need labels to be told apart. */
function sameTargets({ targets }: Suite): string[] {
  const known = targets.filter((given) =>
    targetNames.includes(typeof given === 'string' ? given : given.target),
  );
  const names = known.map((given) => formatTarget(parseTarget(given)));
  const repeated = names.filter((name, index) => names.indexOf(name) !== index);
  return repeated.map((name) => `targets: "${name}" is there twice; a "label" tells two apart`);
}
