import type { TaskKind } from '../../../core/task-kind.ts';
import fc from 'fast-check';
import type { Predictions } from '../../../tasks/predictions.ts';

/** Samples of one kind, and what makes predictions of them or of others of their form. */
export interface DrawnSamples<Row = unknown> {
  rows: readonly Row[];
  predictions: (rows: readonly Row[], weights?: Float64Array) => Predictions;
}

type Build<Row> = (rows: readonly Row[]) => Predictions;

const finite = fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e6, max: 1e6 });

function samplesOf<Row>(row: fc.Arbitrary<Row>, build: Build<Row>): fc.Arbitrary<DrawnSamples<Row>> {
  const predictions: DrawnSamples<Row>['predictions'] = (rows, weights) => ({
    ...build(rows),
    ...(weights === undefined ? {} : { weights }),
  });
  return fc.array(row, { minLength: 2, maxLength: 12 }).map((rows) => ({ rows, predictions }));
}

function listOf<Value>(value: fc.Arbitrary<Value>, length: number): fc.Arbitrary<Value[]> {
  return fc.array(value, { minLength: length, maxLength: length });
}

function idsOf(rows: readonly unknown[]): string[] {
  return rows.map((_, sample) => `s${sample}`);
}

export const values = fc.integer({ min: 1, max: 3 }).chain((outputs) =>
  samplesOf(fc.record({ expected: listOf(finite, outputs), predicted: listOf(finite, outputs) }), (rows) => ({
    kind: 'regression',
    ids: idsOf(rows),
    outputs,
    expected: Float64Array.from(rows.flatMap(({ expected }) => expected)),
    predicted: Float64Array.from(rows.flatMap(({ predicted }) => predicted)),
  })),
);

export const classes = fc.integer({ min: 2, max: 4 }).chain((count) =>
  samplesOf(
    fc.record({ expected: fc.nat(count - 1), odds: listOf(fc.integer({ min: 0, max: 9 }), count) }),
    (rows) => {
      const shares = rows.map(({ odds }) => sharesOf(odds));
      return {
        kind: 'classification',
        ids: idsOf(rows),
        labels: labelsOf(count),
        expected: Int32Array.from(rows, ({ expected }) => expected),
        predicted: Int32Array.from(shares, (row) => row.indexOf(Math.max(...row))),
        probabilities: Float64Array.from(shares.flat()),
      };
    },
  ),
);

function sharesOf(odds: readonly number[]): number[] {
  const sum = odds.reduce((total, odd) => total + odd, 0);
  return sum === 0 ? odds.map(() => 1 / odds.length) : odds.map((odd) => odd / sum);
}

function labelsOf(count: number): string[] {
  return Array.from({ length: count }, (_, label) => `label ${label}`);
}

const flag = fc.integer({ min: 0, max: 1 });

export const sets = fc.integer({ min: 1, max: 4 }).chain((count) =>
  samplesOf(
    fc.record({
      expected: listOf(flag, count),
      predicted: listOf(flag, count),
      scores: listOf(fc.integer({ min: -3, max: 3 }), count),
    }),
    (rows) => ({
      kind: 'multilabel',
      ids: idsOf(rows),
      labels: labelsOf(count),
      expected: Uint8Array.from(rows.flatMap(({ expected }) => expected)),
      predicted: Uint8Array.from(rows.flatMap(({ predicted }) => predicted)),
      scores: Float64Array.from(rows.flatMap(({ scores }) => scores)),
    }),
  ),
);

const candidate = fc.record({ score: fc.integer({ min: -4, max: 4 }), gain: fc.constantFrom(0, 0, 1, 3) });

export const lists = samplesOf(fc.array(candidate, { maxLength: 8 }), (rows) => ({
  kind: 'ranking',
  ids: idsOf(rows),
  offsets: Int32Array.from([0, ...rows.map((_, query) => rows.slice(0, query + 1).flat().length)]),
  scores: Float64Array.from(rows.flat(), ({ score }) => score),
  gains: Float64Array.from(rows.flat(), ({ gain }) => gain),
}));

export const words = fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'the', 'é', '😀', '.'), { maxLength: 9 });
const line = words.map((tokens) => tokens.join(' '));

export const texts = samplesOf(
  fc.record({ generated: line, reference: line, loss: fc.double({ min: 0, max: 50, noNaN: true }) }),
  (rows) => ({
    kind: 'generation',
    ids: idsOf(rows),
    negativeLogLikelihood: Float64Array.from(rows, ({ loss }) => loss),
    tokens: Int32Array.from(rows, ({ reference }) => 1 + reference.length),
    utf8Bytes: Int32Array.from(rows, ({ reference }) => 1 + Buffer.byteLength(reference)),
    floorNegativeLogLikelihood: Float64Array.from(rows, ({ loss }) => loss / 2),
    generated: rows.map(({ generated }) => generated),
    references: rows.map(({ reference }) => reference),
  }),
);

const tag = fc.constantFrom('O', 'O', 'B-X', 'I-X', 'B-Y', 'I-Y');

export const tagged = samplesOf(
  fc.array(fc.record({ expected: tag, predicted: tag }), { maxLength: 10 }),
  (rows) => ({
    kind: 'tagging',
    ids: idsOf(rows),
    expected: rows.map((tokens) => tokens.map(({ expected }) => expected)),
    predicted: rows.map((tokens) => tokens.map(({ predicted }) => predicted)),
  }),
);

/** Samples of every kind that a metric can score. */
export const drawnOf: Readonly<Record<TaskKind, fc.Arbitrary<DrawnSamples>>> = {
  regression: untyped(values),
  classification: untyped(classes),
  multilabel: untyped(sets),
  ranking: untyped(lists),
  generation: untyped(texts),
  tagging: untyped(tagged),
};

/** A row goes only into what its own samples came with. */
function untyped<Row>(samples: fc.Arbitrary<DrawnSamples<Row>>): fc.Arbitrary<DrawnSamples> {
  return samples as fc.Arbitrary<DrawnSamples>;
}
