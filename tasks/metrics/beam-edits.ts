/** Steps that turn the text into the reference. */
export const step = { keep: 1, replace: 2, drop: 3, add: 4 } as const;

/** Fewest steps from a text to the reference, and one way there from the start: values of `step`. */
export interface EditPath {
  edits: number;
  steps: Uint8Array;
}

const beamWidth = 25;
const unreached = 1e9;

/**
 * Edit distance to a reference near the diagonal, as Tercom and sacrebleu search it: cells outside the beam count as
 * unreached. Rows of the text before, of the same length, are used again up to the first word that differs.
 */
export function createBeamEdits(reference: Int32Array, textLength: number): (text: Int32Array) => EditPath {
  const width = reference.length + 1;
  const costs = new Int32Array((textLength + 1) * width).fill(unreached);
  const steps = new Uint8Array((textLength + 1) * width);
  for (let column = 0; column < width; column++) costs[column] = column;
  steps.fill(step.add, 1, width);
  const matrix: Matrix = { reference, textLength, width, costs, steps };
  let before = new Int32Array(0);
  return (text) => {
    const known = commonPrefix(before, text);
    for (let row = known + 1; row <= textLength; row++) fillRow(matrix, row, text[row - 1]!);
    before = text.slice();
    return { edits: costs[(textLength + 1) * width - 1]!, steps: pathOf(matrix) };
  };
}

interface Matrix {
  reference: Int32Array;
  textLength: number;
  width: number;
  costs: Int32Array;
  steps: Uint8Array;
}

function commonPrefix(a: Int32Array, b: Int32Array): number {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length++;
  return length;
}

/** Of steps as cheap, keeping and replacing go first, then dropping a word of the text, then adding one of the reference. */
function fillRow({ reference, textLength, width, costs, steps }: Matrix, row: number, word: number): void {
  const [here, above] = [row * width, (row - 1) * width];
  const { from, to } = beamOf(row, textLength, width);
  for (let column = from; column < to; column++) {
    const isSame = column > 0 && reference[column - 1] === word;
    let cost = column > 0 ? costs[above + column - 1]! + (isSame ? 0 : 1) : unreached;
    let taken: number = isSame ? step.keep : step.replace;
    if (costs[above + column]! + 1 < cost) [cost, taken] = [costs[above + column]! + 1, step.drop];
    const left = column > from ? costs[here + column - 1]! : unreached;
    if (left + 1 < cost) [cost, taken] = [left + 1, step.add];
    costs[here + column] = cost;
    steps[here + column] = taken;
  }
}

/** Columns of a row that are searched; the last row is searched to its end. */
function beamOf(row: number, textLength: number, width: number): { from: number; to: number } {
  const ratio = (width - 1) / textLength;
  const reach = beamWidth < ratio / 2 ? Math.ceil(ratio / 2 + beamWidth) : beamWidth;
  const middle = Math.floor(row * ratio);
  return {
    from: Math.max(0, middle - reach),
    to: row === textLength ? width : Math.min(width, middle + reach),
  };
}

function pathOf({ textLength, width, steps }: Matrix): Uint8Array {
  const path: number[] = [];
  let [row, column] = [textLength, width - 1];
  while (row > 0 || column > 0) {
    const taken = steps[row * width + column]!;
    path.push(taken);
    if (taken !== step.add) row--;
    if (taken !== step.drop) column--;
  }
  return Uint8Array.from(path.reverse());
}
