import type { TaskKind } from '../../../core/task-kind.ts';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Metric } from '../../../tasks/metric.ts';
import { withOptions, type OptionValue } from '../../../tasks/metrics/metric-id.ts';
import { expandOutputs } from '../../../tasks/metrics/output-option.ts';
import { metricById } from '../../../tasks/metrics/registry.ts';
import type { ClassificationPredictions, Predictions } from '../../../tasks/predictions.ts';

type Given = { id: string } & Record<string, OptionValue>;

function configured<Kind extends TaskKind>({ id, ...options }: Given, kind: Kind): Metric<Kind> {
  return metricById(withOptions(id, options), kind);
}

test.each<[TaskKind, Given, string]>([
  ['classification', { id: 'f1', average: 'macro' }, 'f1-macro'],
  ['classification', { id: 'f-beta', average: 'weighted', beta: 2 }, 'f-beta-weighted@2'],
  ['classification', { id: 'cohen-kappa', weights: 'linear' }, 'cohen-kappa-linear'],
  ['classification', { id: 'top-k-accuracy', k: 3 }, 'top-k-accuracy@3'],
  ['classification', { id: 'ece', bins: 10 }, 'ece@10'],
  ['classification', { id: 'roc-auc-partial', maxFalsePositiveRate: 0.1 }, 'roc-auc-partial@0.1'],
  ['regression', { id: 'pinball', quantile: 0.9 }, 'pinball@0.9'],
  ['regression', { id: 'pinball@0.90' }, 'pinball@0.9'],
  ['regression', { id: 'pinball', quantile: 0.9, output: 'a' }, 'pinball@0.9?output=a'],
  ['ranking', { id: 'ndcg', k: 10 }, 'ndcg@10'],
  ['multilabel', { id: 'f1', average: 'samples', zeroDivision: 1 }, 'f1-samples?zeroDivision=1'],
  ['generation', { id: 'bleu', tokenize: '13a', lowercase: false }, 'bleu'],
  ['generation', { id: 'bleu', lowercase: true, tokenize: 'intl' }, 'bleu?lowercase=true&tokenize=intl'],
  ['generation', { id: 'bleu', tokenize: 'intl', lowercase: true }, 'bleu?lowercase=true&tokenize=intl'],
  ['generation', { id: 'chrf', wordOrder: 2 }, 'chrf++'],
  ['generation', { id: 'chrf++', wordOrder: 0, beta: 3 }, 'chrf?beta=3'],
])('a %s metric of %j has one id', (kind, given, id) => {
  const metric = configured(given, kind);
  expect(metric.id).toBe(id);
  expect(metricById(id, kind).id).toBe(id);
});

test.each<[TaskKind, string, RegExp]>([
  ['classification', 'accuracy?k=3', /Metric "accuracy" takes no options; found "k"/],
  [
    'classification',
    'f1-macro?zeroDivision=2',
    /metric "f1-macro\?zeroDivision=2":\n {2}zeroDivision: .*"0"\|"1"\|"nan".*found "2"/,
  ],
  ['classification', 'jaccard-macro?zeroDivision=nan', /zeroDivision: .*"0"\|"1"/],
  ['classification', 'f1?average=most', /Unknown classification metric "f1-most"/],
  ['generation', 'bleu?tokenise=intl', /metric "bleu\?tokenise=intl":\n.*[Uu]nrecognized key.*tokenise/],
  ['generation', 'bleu?tokenize=mecab', /tokenize: .*"13a"\|"intl".*found "mecab"/],
  ['generation', 'bleu?lowercase=yes', /lowercase: .*"true"\|"false".*found "yes"/],
  [
    'generation',
    'bleu?smoothingValue=0.5',
    /smoothingValue: only the smoothings floor and add-k take a value/,
  ],
  ['generation', 'chrf?charOrder=0', /charOrder: /],
  ['generation', 'chrf?charOrder=x', /charOrder: /],
])('%s metric %s is refused with what is accepted', (kind, id, message) => {
  expect(() => metricById(id, kind)).toThrow(message);
});

test('a label says what was set', () => {
  expect(metricById('f1-macro?labels=a+b&zeroDivision=1', 'classification').label).toBe(
    'F1 (macro, labels a, b, zero division 1)',
  );
  expect(metricById('bleu?tokenize=intl', 'generation').label).toBe('BLEU (tokenize intl)');
});

interface Golden {
  given: { kind: TaskKind } & Record<string, unknown>;
  figures: { metric: Given; value: number; signature?: string }[];
}

const golden = JSON.parse(
  readFileSync(new URL('../../golden/metrics/options.json', import.meta.url), 'utf8'),
) as Golden[];

const columns: Record<string, (values: number[]) => unknown> = {
  regression: (values) => Float64Array.from(values),
  classification: (values) => Int32Array.from(values),
  multilabel: (values) => Uint8Array.from(values),
};

/** Predictions of plain JSON. */
function read({ kind, ...given }: Golden['given']): Predictions {
  const column = columns[kind] ?? ((values: unknown) => values);
  const { probabilities = null, scores, generated } = given;
  const floats = (values: unknown): unknown =>
    values == null ? values : Float64Array.from(values as number[]);
  const rows = (generated ?? given.expected) as unknown[];
  const width = (given.outputs as number | undefined) ?? (kind === 'multilabel' ? 3 : 1);
  const ids = Array.from({ length: rows.length / width }, (_, sample) => `s${sample}`);
  const decided = Object.fromEntries(
    ['expected', 'predicted'].map((name) => [name, column((given[name] ?? []) as number[])]),
  );
  return {
    kind,
    ids,
    ...given,
    ...decided,
    probabilities: floats(probabilities),
    scores: floats(scores),
  } as never;
}

test.each(
  golden.flatMap(({ given, figures }) => figures.map((figure) => [given.kind, figure, given] as const)),
)(
  'a %s metric with options is what its oracle gives: %j',
  (kind, { metric: given, value, signature }, data) => {
    const metric = configured(given, kind);
    const predictions = read(data);
    expect(metric.compute(predictions).value).toBeCloseTo(value, 10);
    expect(metric.signature?.(predictions)).toBe(signature && `${signature}-assay`);
  },
);

const cases = golden.flatMap(({ given, figures }) =>
  figures.map(({ metric }) => [given.kind, metric, given] as const),
);

test.each(cases.filter(([kind, given]) => configured(given, kind).sampleScores !== undefined))(
  'the mean of the scores of samples is a %s metric with options: %j',
  (kind, given, data) => {
    const [metric, predictions] = [configured(given, kind), read(data)];
    const scores = metric.sampleScores?.(predictions) ?? new Float64Array();
    const mean = scores.reduce((sum, score) => sum + score, 0) / scores.length;
    expect(mean).toBeCloseTo(metric.compute(predictions).value ?? NaN, 10);
  },
);

test.each(cases.filter(([kind, given]) => configured(given, kind).sampleSums !== undefined))(
  'the metric of the sums of samples is a %s metric with options: %j',
  (kind, given, data) => {
    const [metric, predictions] = [configured(given, kind), read(data)];
    const sums = metric.sampleSums?.(predictions) ?? {
      width: 0,
      addTo: () => undefined,
      metricOf: () => NaN,
    };
    const total = new Float64Array(sums.width);
    for (const sample of predictions.ids.keys()) sums.addTo(total, 0, sample);
    expect(sums.metricOf(total)).toBeCloseTo(metric.compute(predictions).value ?? NaN, 10);
  },
);

test('a label that holds a comma or a space is in quotes where a metric names it', () => {
  const id = withOptions('f1-macro', { labels: ['01', 'one, two', 'b c'] });
  expect(metricById(id, 'classification').label).toBe('F1 (macro, labels 01, "one, two", "b c")');
});

test('an output or a label that is not there is told with those that are', () => {
  const [classes, , , values] = golden.map(({ given }) => read(given));
  const compute = (id: string, given: Predictions | undefined) => () =>
    given && metricById(id, given.kind).compute(given);
  expect(compute('mse?output=depth', values)).toThrow('no output "depth"; outputs are: width, height');
  expect(compute('f1-macro?labels=a+e', classes)).toThrow('no label "e"; labels are: a, b, c, d');
});

test.each(['f1-binary?positive=a', 'average-precision?positive=a'])(
  '%s of four labels is null with the reason why',
  (id) => {
    const [classes] = golden.map(({ given }) => read(given));
    const figure = classes && metricById(id, 'classification').compute(classes as ClassificationPredictions);
    expect(figure).toMatchObject({ value: null, reason: '"positive" is one of two labels; there are 4' });
  },
);

test('a metric of every output becomes one of each', () => {
  expect(expandOutputs('pinball@0.9?output=*', ['a', 'b c'])).toEqual([
    'pinball@0.9?output=a',
    'pinball@0.9?output=b%20c',
  ]);
  expect(expandOutputs('mse', ['a', 'b'])).toEqual(['mse']);
});
