import { AssayError, messageOf } from '../core/errors.ts';
import { parseVariant } from '../models/variant.ts';
import { metricById } from '../tasks/metrics/registry.ts';
import type { Suite } from './schema.ts';
import { parseTarget } from './target.ts';

/** Checks the names a schema cannot: metrics, variants and targets. Throws one AssayError that lists them all. */
export function checkReferences(suite: Suite, file: string): void {
  const problems = [
    ...suite.metrics.flatMap((id) => problemOf(`metrics`, () => metricById(id, suite.task.kind))),
    ...suite.variants.flatMap((name) => problemOf(`variants`, () => parseVariant(name))),
    ...suite.targets.flatMap((name) => problemOf(`targets`, () => parseTarget(name))),
    ...(['models', 'metrics', 'variants', 'targets'] as const).flatMap((field) => duplicates(suite, field)),
  ];
  if (problems.length === 0) return;
  const message = `Invalid suite in ${file}:\n${problems.map((line) => `  ${line}`).join('\n')}`;
  throw new AssayError('suite-invalid', message, { hint: `assay validate ${file}` });
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

function duplicates(suite: Suite, field: 'models' | 'metrics' | 'variants' | 'targets'): string[] {
  const values = suite[field];
  const repeated = values.filter((value, index) => values.indexOf(value) !== index);
  return repeated.map((value) => `${field}: "${value}" is there twice`);
}
