import { AssayError, messageOf } from '../core/errors.ts';
import { shellWord } from '../core/shell-word.ts';
import { parseVariant } from '../models/variant.ts';
import type { Metric } from '../tasks/metric.ts';
import { parseMetricId } from '../tasks/metrics/metric-id.ts';
import { everyOutput } from '../tasks/metrics/output-option.ts';
import { metricById } from '../tasks/metrics/registry.ts';
import type { Suite } from './schema.ts';
import { parseTarget, targetNames } from './target.ts';
import { checkTargetSettings } from './target-options.ts';
import { unpinnedThreads } from './thread-affinities.ts';
import { formatTarget } from '../results/target-schema.ts';

/**
 * Checks the names a schema cannot: metrics, variants and targets. Throws one AssayError that lists them all, or gives the
 * metrics by their ids in one spelling.
 */
export function checkReferences(suite: Suite, file: string): string[] {
  const metrics = suite.metrics.map((id) => attempt('metrics', () => metricById(id, suite.task.kind)));
  const ids = metrics.flatMap(({ value }) => value?.id ?? []);
  const problems = [
    ...metrics.flatMap(({ problems: found }) => found),
    ...suite.variants.flatMap((name) => attempt('variants', () => parseVariant(name)).problems),
    ...suite.targets.flatMap(
      (given) =>
        attempt('targets', () => {
          checkTargetSettings(parseTarget(given));
        }).problems,
    ),
    ...unpinnedThreads(suite),
    ...severalFigures(ids),
    ...misplacedErrors(suite, metrics[0]?.value),
    ...repeated('models', suite.models),
    ...repeated('metrics', ids),
    ...repeated('variants', suite.variants),
    ...sameTargets(suite),
  ];
  if (problems.length === 0) return ids;
  const message = `Invalid suite in ${file}:\n${problems.map((line) => `  ${line}`).join('\n')}`;
  throw new AssayError('suite-invalid', message, {
    hint: `correct it, then assay validate ${shellWord(file)}`,
  });
}

/** The policy judges one number. */
function severalFigures([first = '']: readonly string[]): string[] {
  if (parseMetricId(first).options.get('output') !== everyOutput) return [];
  return [`metrics: the first is judged and is one figure; "${first}" is one of every output`];
}

/** A number of errors means nothing to a metric that is not a share of samples. */
function misplacedErrors({ policy, metrics: [first] }: Suite, metric: Metric | undefined): string[] {
  if (policy.maxDrop.kind !== 'errors' || first === undefined || metric?.countsSamples === true) return [];
  return [
    `policy.maxDrop: "errors" needs a first metric that is a share of samples, such as accuracy; found "${first}"`,
  ];
}

/** What came of a check, or what is wrong. */
function attempt<Value>(field: string, check: () => Value): { value?: Value; problems: string[] } {
  try {
    return { value: check(), problems: [] };
  } catch (thrown) {
    if (!(thrown instanceof AssayError)) throw thrown;
    return { problems: [`${field}: ${messageOf(thrown)}`] };
  }
}

function repeated(field: string, values: readonly string[]): string[] {
  const again = values.filter((value, index) => values.indexOf(value) !== index);
  return again.map((value) => `${field}: "${value}" is there twice`);
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
