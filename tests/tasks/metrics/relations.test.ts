import { textsOf } from '../../../core/ids.ts';
import type { TaskKind } from '../../../core/task-kind.ts';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { metricById } from '../../../tasks/metrics/registry.ts';
import type { MultilabelPredictions, Predictions, TaggingPredictions } from '../../../tasks/predictions.ts';
import { differenceOf, tolerance } from '../../oracle/metrics/difference.ts';
import { drawnOf } from './drawn-samples.ts';
import { holds } from './holds.ts';

/** Holds what is said of the values of metrics to drawn predictions of a kind. */
function holdsOf<Kind extends TaskKind>(
  kind: Kind,
  claim: (value: (id: string) => number | null, given: Extract<Predictions, { kind: Kind }>) => void,
): void {
  holds(
    fc.property(drawnOf[kind], ({ rows, predictions }) => {
      const given = predictions(rows) as Extract<Predictions, { kind: Kind }>;
      const value = (id: string) => metricById<TaskKind>(id, kind).compute(given).value;
      claim(value, given);
    }),
  );
}

function expectSame(found: number | null, expected: number | null, what: string): void {
  expect(differenceOf(found, expected), `${what}: ${found} and ${expected}`).toBeLessThan(tolerance);
}

const same: [TaskKind, string, string][] = [
  ['classification', 'f1-macro', 'f-beta-macro@1'],
  ['classification', 'f1-weighted', 'f-beta-weighted@1'],
  ['classification', 'recall-macro', 'f-beta-macro@Infinity'],
  ['classification', 'ece', 'ece@15'],
  ['classification', 'accuracy', 'f1-micro'],
  ['classification', 'accuracy', 'precision-micro'],
  ['classification', 'accuracy', 'recall-weighted'],
  ['multilabel', 'f1-samples', 'f-beta-samples@1'],
  ['multilabel', 'f1-micro', 'f-beta-micro@1'],
  ['multilabel', 'recall-weighted', 'recall-micro'],
  ['ranking', 'ndcg', 'ndcg@100'],
];

test.each(same)('of %s, %s and %s are the same', (kind, one, other) => {
  holdsOf(kind, (value) => {
    expectSame(value(one), value(other), one);
  });
});

test('half the absolute error is the pinball loss at the median', () => {
  holdsOf('regression', (value) => {
    expectSame(value('pinball@0.5'), (value('mae') ?? NaN) / 2, 'pinball');
  });
});

test('a root mean error of one output is the root of the mean error', () => {
  holdsOf('regression', (value, { outputs }) => {
    if (outputs !== 1) return;
    expectSame(value('rmse'), Math.sqrt(value('mse') ?? NaN), 'rmse');
    const square = value('msle');
    expectSame(value('rmsle'), square === null ? null : Math.sqrt(square), 'rmsle');
  });
});

test('errors of one output rise from the mean over the root mean square to the largest', () => {
  holdsOf('regression', (value, { outputs }) => {
    if (outputs !== 1) return;
    const [mae, rmse, largest] = [value('mae'), value('rmse'), value('max-error')].map((one) => one ?? NaN);
    expect(mae).toBeLessThanOrEqual((rmse ?? NaN) * (1 + 1e-9));
    expect(rmse).toBeLessThanOrEqual((largest ?? NaN) * (1 + 1e-9));
  });
});

test('a bias costs R2 and leaves the explained variance', () => {
  holdsOf('regression', (_, given) => {
    // Whole numbers, as a bias would round away what differs by less.
    const [expected, predicted] = [given.expected.map(Math.round), given.predicted.map(Math.round)];
    const valueOf = (id: string, bias: number): number => {
      const moved = { ...given, expected, predicted: predicted.map((one) => one + bias) };
      return metricById(id, 'regression').compute(moved).value ?? NaN;
    };
    const [r2, explained] = [valueOf('r2', 0), valueOf('explained-variance', 0)];
    expect(r2).toBeLessThanOrEqual(explained + 1e-9 * Math.max(1, Math.abs(explained)));
    expectSame(valueOf('explained-variance', 1000), explained, 'explained variance');
  });
});

test('the last of two labels has the ROC AUC of all, and a partial one up to 1 is the whole', () => {
  holdsOf('classification', (value, { labels }) => {
    const whole = labels.length === 2 ? value('roc-auc') : null;
    expectSame(value('roc-auc-partial@1'), whole, 'roc-auc');
  });
});

test('top-k accuracy rises with k to 1', () => {
  holdsOf('classification', (value) => {
    const rising = [1, 2, 3, 4].map((k) => value(`top-k-accuracy@${k}`) ?? NaN);
    expect(rising).toEqual(rising.toSorted((a, b) => a - b));
    expect(rising.at(-1)).toBe(1);
  });
});

test('more candidates find more, and a hit is a recall above 0', () => {
  holdsOf('ranking', (value, given) => {
    for (const name of ['map', 'recall', 'hit-rate']) {
      const rising = [1, 2, 3, 100].map((k) => value(`${name}@${k}`) ?? NaN);
      expect(rising, name).toEqual(rising.toSorted((a, b) => a - b));
    }
    const scores = (id: string) => metricById(id, 'ranking').sampleScores?.(given);
    expect(scores('hit-rate@3')).toEqual(scores('recall@3')?.map((share) => Number(share > 0)));
    const relevant = textsOf(given.ids).map((_, query) =>
      given.gains.subarray(given.offsets[query], given.offsets[query + 1]).some((gain) => gain > 0),
    );
    expect([...(scores('recall@100') ?? [])]).toEqual(relevant.map(Number));
  });
});

/** Labels that apply to each sample. */
function labelSets(flags: Uint8Array, { ids, labels }: MultilabelPredictions): Set<number>[] {
  return textsOf(ids).map(
    (_, sample) => new Set([...labels.keys()].filter((label) => flags[sample * labels.length + label] === 1)),
  );
}

test('scores of samples are those of sets', () => {
  holdsOf('multilabel', (value, given) => {
    const [wanted, found] = [labelSets(given.expected, given), labelSets(given.predicted, given)];
    const mean = (score: (a: Set<number>, b: Set<number>) => number): number =>
      wanted.reduce((sum, set, sample) => sum + (score(set, found[sample] ?? new Set()) || 0), 0) /
      wanted.length;
    const both = (a: Set<number>, b: Set<number>) => a.intersection(b).size;
    expectSame(
      value('precision-samples'),
      mean((a, b) => both(a, b) / b.size),
      'precision',
    );
    expectSame(
      value('recall-samples'),
      mean((a, b) => both(a, b) / a.size),
      'recall',
    );
    expectSame(
      value('f1-samples'),
      mean((a, b) => (2 * both(a, b)) / (a.size + b.size)),
      'F1',
    );
    expectSame(
      value('jaccard-samples'),
      mean((a, b) => both(a, b) / a.union(b).size),
      'Jaccard',
    );
    expectSame(
      value('subset-accuracy'),
      mean((a, b) => Number(a.symmetricDifference(b).size === 0)),
      'exact',
    );
    expectSame(
      value('hamming-loss'),
      mean((a, b) => a.symmetricDifference(b).size / given.labels.length),
      'Hamming',
    );
  });
});

test('a macro mean over labels is that of each label alone', () => {
  holdsOf('multilabel', (value, given) => {
    const width = given.labels.length;
    const column = <Cells extends Uint8Array | Float64Array>(cells: Cells, label: number): Cells =>
      cells.filter((_, cell) => cell % width === label) as Cells;
    const alone = given.labels.map((name, label): MultilabelPredictions => ({
      ...{ ...given, labels: [name], expected: column(given.expected, label) },
      ...{ predicted: column(given.predicted, label), scores: column(given.scores, label) },
    }));
    for (const id of ['f1-macro', 'jaccard-macro', 'roc-auc-macro', 'average-precision-macro']) {
      const each = alone.map((one) => metricById(id, 'multilabel').compute(one).value);
      const isDefined = each.every((one) => one !== null);
      const mean = each.reduce<number>((sum, one) => sum + (one ?? NaN), 0) / width;
      expectSame(value(id), isDefined ? mean : null, id);
    }
  });
});

/** Entities of well-formed tags, as texts that tell type, sample and place. */
function entitiesOf(tags: TaggingPredictions['expected']): Set<string> {
  const found = tags.flatMap((line, sample) =>
    [
      ...line
        .map((tag) => tag.padEnd(3))
        .join(' ')
        .matchAll(/B-(\w)((?: I-\1)*)/g),
    ].map(({ 0: all, 1: type, index }) => `${type} ${sample} ${index} ${all.length}`),
  );
  return new Set(found);
}

/** Makes an I that follows no tag of its type a B. */
function wellFormed(tags: TaggingPredictions['expected']): string[][] {
  return tags.map((line) =>
    line.map((tag, place) => {
      const type = tag.slice(1);
      const isInside = place > 0 && line[place - 1]?.slice(1) === type;
      return tag.startsWith('I') && !isInside ? `B${type}` : tag;
    }),
  );
}

test('the F1 of well-formed entities is that of sets, read strictly or not', () => {
  holdsOf('tagging', (_, drawn) => {
    const given = { ...drawn, expected: wellFormed(drawn.expected), predicted: wellFormed(drawn.predicted) };
    const [wanted, found] = [entitiesOf(given.expected), entitiesOf(given.predicted)];
    const value = (id: string) => metricById(id, 'tagging').compute(given).value;
    const entities = wanted.size + found.size;
    const f1 = entities === 0 ? null : (2 * wanted.intersection(found).size) / entities;
    expectSame(value('entity-f1-micro'), f1, 'F1');
    for (const id of ['entity-f1-micro', 'entity-recall-macro', 'entity-precision-weighted'])
      expectSame(value(`${id}-strict`), value(id), id);
  });
});
