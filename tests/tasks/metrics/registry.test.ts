import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { metricById, metricIds } from '../../../tasks/metrics/registry.ts';
import type { ScorableKind } from '../../../tasks/predictions.ts';

const kinds: ScorableKind[] = [
  'regression',
  'classification',
  'multilabel',
  'ranking',
  'generation',
  'tagging',
];

/** A number each family takes. */
const members: Record<string, string> = { pinball: '0.9', 'roc-auc-partial': '0.1' };

function everyId(kind: ScorableKind): string[] {
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
  expect(() => metricById<ScorableKind>(id, kind)).toThrow(message);
});

test('the page of metrics lists every metric', () => {
  const page = readFileSync(new URL('../../../docs/metrics.md', import.meta.url), 'utf8');
  const listed = kinds.flatMap((kind) => metricIds(kind).map((id) => id.replace(/@.*/, '@…')));
  expect(listed.filter((id) => !page.includes(`| \`${id}\``))).toEqual([]);
});
