/** Scores of a binary question, a higher one meaning likelier positive. None is NaN. */
export type BinaryScores = FlaggedScores | ExpectedScores;

/** Every cell of a table of scores, row after row; or one column of so many. */
interface Cells {
  scores: Float64Array;
  column?: { at: number; of: number };
  /** Of each row. */
  sampleWeights?: Float64Array | undefined;
}

/** `isPositive` has 1 or 0 beside each of the cells. */
interface FlaggedScores extends Cells {
  isPositive: Uint8Array;
}

/** A row is a positive where one class is expected, and a negative where another is, or where any other is. */
interface ExpectedScores extends Cells {
  expected: Int32Array;
  positive: number;
  negative?: number;
}

/** How many rows there are, of which all may be positives. */
export function rowsOf({ scores, column }: BinaryScores): number {
  return scores.length / (column?.of ?? 1);
}

/** Puts the scores of positives first into `numbers` and those of negatives last, in any order: where the former end and the latter begin. */
export function partScores(
  given: BinaryScores,
  numbers: Float64Array,
): readonly [end: number, start: number] {
  return 'expected' in given ? partByClass(given, numbers) : partByFlag(given, numbers);
}

// Without a branch, which would be wrong every other time: each score is put in both places, and one of them moves on.

function partByFlag(given: FlaggedScores, numbers: Float64Array): readonly [number, number] {
  const { scores, isPositive, column = { at: 0, of: 1 } } = given;
  let end = 0;
  let last = rowsOf(given) - 1;
  for (let cell = column.at; cell < scores.length; cell += column.of) {
    const score = scores[cell]!;
    const flag = isPositive[cell]!;
    numbers[end] = score;
    numbers[last] = score;
    end += flag;
    last -= 1 - flag;
  }
  return [end, last + 1];
}

function partByClass(given: ExpectedScores, numbers: Float64Array): readonly [number, number] {
  const { scores, expected, positive, negative, column = { at: 0, of: 1 } } = given;
  let end = 0;
  let last = rowsOf(given) - 1;
  for (let row = 0, cell = column.at; row < expected.length; row++, cell += column.of) {
    const score = scores[cell]!;
    const isPositive = Number(expected[row] === positive);
    numbers[end] = score;
    numbers[last] = score;
    end += isPositive;
    last -= negative === undefined ? 1 - isPositive : Number(expected[row] === negative);
  }
  return [end, last + 1];
}

/** Scores one after another, with a flag and a weight each. */
interface WeightedScores {
  isPositive: Uint8Array;
  scores: Float64Array;
  sampleWeights: Float64Array;
}

/** The same as columns of their own. Without weights a row weighs 1; one that is neither positive nor negative weighs 0. */
export function weightedScores(given: BinaryScores): WeightedScores {
  const { scores, column = { at: 0, of: 1 } } = given;
  const rows = rowsOf(given);
  const columns = {
    isPositive: new Uint8Array(rows),
    scores: new Float64Array(rows),
    sampleWeights: new Float64Array(rows),
  };
  for (let row = 0, cell = column.at; row < rows; row++, cell += column.of) {
    columns.isPositive[row] = isPositiveAt(given, row, cell) ? 1 : 0;
    columns.scores[row] = scores[cell]!;
    columns.sampleWeights[row] = weightAt(given, row);
  }
  return columns;
}

/** What the positives weigh together. */
export function positiveWeight(given: BinaryScores): number {
  const { scores, column = { at: 0, of: 1 } } = given;
  let sum = 0;
  for (let row = 0, cell = column.at; cell < scores.length; row++, cell += column.of)
    if (isPositiveAt(given, row, cell)) sum += weightAt(given, row);
  return sum;
}

function isPositiveAt(given: BinaryScores, row: number, cell: number): boolean {
  return 'expected' in given ? given.expected[row] === given.positive : given.isPositive[cell] === 1;
}

function weightAt(given: BinaryScores, row: number): number {
  if ('expected' in given && given.negative !== undefined && given.expected[row] !== given.positive)
    if (given.expected[row] !== given.negative) return 0;
  return given.sampleWeights === undefined ? 1 : given.sampleWeights[row]!;
}
