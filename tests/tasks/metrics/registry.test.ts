import type { TaskKind } from '../../../core/task-kind.ts';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Metric } from '../../../tasks/metric.ts';
import { metricById, metricIds } from '../../../tasks/metrics/registry.ts';

const kinds: TaskKind[] = ['regression', 'classification', 'multilabel', 'ranking', 'generation', 'tagging'];

/** A number each family takes. */
const members: Record<string, string> = { pinball: '0.9', 'roc-auc-partial': '0.1', ece: '10' };

function everyId(kind: TaskKind): string[] {
  return metricIds(kind).map((id) => {
    const [name = '', takes] = id.split('@');
    return takes === undefined ? id : `${name}@${members[name] ?? '3'}`;
  });
}

test.each(kinds)('every %s metric says what it is and where its definition comes from', (kind) => {
  for (const id of everyId(kind)) {
    const metric = metricById(id, kind);
    expect(metric).toMatchObject({ id, task: kind });
    for (const text of [metric.label, metric.formula, metric.source]) expect(text, id).not.toBe('');
    expect(metric.oracle).toMatch(/ \d|definition/);
    expect(metric.range[0]).toBeLessThan(metric.range[1]);
  }
});

test.each(kinds)('a %s metric that is bound to scikit-learn names the function it equals', (kind) => {
  const bound = everyId(kind)
    .map((id) => metricById(id, kind))
    .filter(({ oracle }) => oracle.startsWith('scikit-learn'));
  const nameless = bound.filter(
    ({ source }) => !/^scikit-learn \w+_(score|loss|error|corrcoef)\b/.test(source),
  );
  expect(nameless.map(({ id, source }) => [id, source])).toEqual([]);
});

test.each(kinds)('no two %s metrics share an id', (kind) => {
  const ids = metricIds(kind);
  expect(new Set(ids).size).toBe(ids.length);
});

test('an unknown id is an error that names the nearest', () => {
  expect(() => metricById('acuracy', 'classification')).toThrow(
    /Unknown classification metric "acuracy"\. Did you mean "accuracy"/,
  );
});

test('a metric of another task is unknown', () => {
  expect(() => metricById('bleu', 'regression')).toThrow(/Unknown regression metric "bleu"/);
});

test.each([
  ['pinball@2', 'regression', 'Metric "pinball@2" takes a quantile from 0 to 1 after the @; found "2".'],
  ['pinball@', 'regression', 'Metric "pinball@" takes a quantile from 0 to 1 after the @; found "".'],
  [
    'ndcg@1.5',
    'ranking',
    'Metric "ndcg@1.5" takes a whole number of candidates from 1 after the @; found "1.5".',
  ],
  ['ece@x', 'classification', 'Metric "ece@x" takes a whole number of bins from 1 after the @; found "x".'],
] as const)('%s is refused with what the family takes', (id, kind, message) => {
  expect(() => metricById<TaskKind>(id, kind)).toThrow(message);
});

test.each(kinds)('the page of metrics has every %s metric as the registry describes it', (kind) => {
  const page = readFileSync(new URL('../../../docs/metrics.md', import.meta.url), 'utf8');
  const rows = new Set(page.split('\n').map((line) => line.replace(/ +/g, ' ')));
  const described = everyId(kind).map((id) => rowOf(metricById(id, kind)));
  expect(described.filter((row) => !rows.has(row))).toEqual([]);
});

function rowOf({ id, label, unit, direction, range, formula, oracle }: Metric): string {
  const what = unit === '' ? label : `${label} (${unit})`;
  const better = direction === 'lower-is-better' ? 'lower' : 'higher';
  const [low, high] = range.map((bound) => `${bound}`.replace('Infinity', '∞'));
  return `| \`${id}\` | ${what} | ${better} | ${low} to ${high} | ${formula.replaceAll('|', '\\|')} | ${oracle} |`;
}
