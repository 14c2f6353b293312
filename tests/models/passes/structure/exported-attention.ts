import type { OnnxModel } from '../../../../models/onnx/model.ts';
import { draw, type Drawing } from '../drawing.ts';

/** Four heads of 3 places each, of 6 places for each token. */
const [inputs, heads, size] = [6, 4, 3];
const width = heads * size;

/** A size that is stored, or that of an axis of a value, or a part of it. */
type Told = number | readonly [value: string, axis: number, divisor?: number];

/** Attention whose sizes are computed in part, as TorchScript writes what Python takes from the shape of a tensor. */
export const exportedAttention: Readonly<Record<string, () => OnnxModel>> = {
  'attention heads told by the sizes of what is projected': () =>
    attention({
      split: (x) => [[x, 0], [x, 1], heads, [x, 2, inputs / size]],
      join: (x) => [[x, 0], [x, 1], width],
    }),
  'attention heads to be counted': () =>
    attention({ split: (x) => [[x, 0], [x, 1], -1, size], join: (x) => [[x, 0], [x, 1], -1] }),
  'attention heads of samples told, with a stretched mask': () =>
    attention({ split: (x) => [[x, 0], -1, heads, size], join: (x) => [[x, 0], -1, width], mask: stretched }),
  'attention heads of tokens in rows, with a causal mask': () =>
    attention({
      split: (x) => [[x, 0], [x, 1], heads, size],
      join: (x) => [[x, 0], [x, 1], width],
      project: inRows,
      mask: causal,
    }),
  'attention heads with a mask that is expanded to sizes found in a list': () =>
    attention({
      split: (x) => [[x, 0], [x, 1], heads, size],
      join: (x) => [[x, 0], [x, 1], width],
      mask: expanded,
    }),
  'attention heads whose keys are turned by way of samples and heads as one, and shares that are no number made 0':
    () =>
      attention({
        split: (x) => [[x, 0], [x, 1], heads, size],
        join: (x) => [[x, 0], [x, 1], -1],
        turnKeys: byWayOfRows,
        heal: withoutNaN,
        reshape: { attributes: { allowzero: { int: 1 } } },
      }),
};

/** A mask that PyTorch's `expand` stretches: -1 leaves a size, and TorchScript looks for it in the list of them. */
function expanded(drawing: Drawing, scores: string): string {
  const { graph, sizes } = drawing;
  const sizeOf = (axis: number): string => graph.node('Gather', [graph.node('Shape', ['x']), sizes(axis)]);
  const along = { attributes: { axis: { int: 0 } } };
  const list = graph.node('Concat', [sizeOf(0), sizes(-1), sizeOf(1), sizeOf(1)], along);
  const wanted = graph.node('Reshape', [list, sizes(-1)]);
  const one = { type: 'int64', shape: [1], data: BigInt64Array.of(1n) } as const;
  const ones = graph.node('ConstantOfShape', [graph.node('Shape', [wanted])], {
    attributes: { value: { tensor: one } },
  });
  const least = graph.initializer('least', { type: 'int64', shape: [], data: BigInt64Array.of(-1n) });
  const isLeft = graph.node('Equal', [wanted, graph.node('Mul', [ones, least])]);
  const data = Float32Array.of(0, 1, 1);
  const mask = graph.initializer('mask', { type: 'float32', shape: [1, 1, 1, 3], data });
  const isHidden = graph.node('Cast', [mask], { attributes: { to: { int: 9 } } });
  const shape = graph.node('Where', [isLeft, ones, wanted]);
  return hidden(drawing, scores, graph.node('Expand', [isHidden, shape]));
}

/** A mask that is expanded to sizes of which nobody knows how many they are. */
export function maskedByAnySizes(): OnnxModel {
  return attention({
    split: (x) => [[x, 0], [x, 1], heads, size],
    join: (x) => [[x, 0], [x, 1], width],
    mask: (drawing, scores) => {
      const { graph, sizes } = drawing;
      const given = graph.input('sizes', { type: 'int64', shape: ['count'] });
      const shown = graph.node('Cast', [sizes(0)], { attributes: { to: { int: 9 } } });
      return hidden(drawing, scores, graph.node('Expand', [shown, given]));
    },
  });
}

interface Form {
  split: (x: string) => readonly Told[];
  join: (x: string) => readonly Told[];
  project?: (drawing: Drawing, x: string) => string[];
  mask?: (drawing: Drawing, scores: string) => string;
  turnKeys?: (drawing: Drawing, keys: string) => string;
  /** What becomes of the shares that a Softmax gives. */
  heal?: (drawing: Drawing, shares: string) => string;
  reshape?: { attributes: { allowzero: { int: number } } };
}

const lastTwo = (drawing: Drawing, keys: string): string => turned(drawing, keys, [0, 1, 3, 2]);
const same = (_: Drawing, value: string): string => value;

function attention(form: Form): OnnxModel {
  const { split, join, project = apart, mask = same, turnKeys = lastTwo, heal = same, reshape } = form;
  const drawing = draw('exported attention');
  const { graph, weight } = drawing;
  const given = graph.input('x', { type: 'float32', shape: ['batch', 'length', inputs] });
  const x = graph.node('LayerNormalization', [given, weight(inputs)]);
  const [query = '', key = '', value = ''] = project(drawing, x).map((projected) =>
    turned(
      drawing,
      graph.node('Reshape', [projected, joinedSizes(drawing, split(x))], reshape),
      [0, 2, 1, 3],
    ),
  );
  const products = graph.node('MatMul', [query, turnKeys(drawing, key)]);
  const scores = mask(drawing, graph.node('Div', [products, rootOfSize(drawing, query)]));
  const shares = heal(drawing, graph.node('Softmax', [scores]));
  const mixed = turned(drawing, graph.node('MatMul', [shares, value]), [0, 2, 1, 3]);
  const together = graph.node('Reshape', [mixed, joinedSizes(drawing, join(x))], reshape);
  graph.node('MatMul', [together, weight(width, 5)], { outputs: ['y'] });
  graph.output('y', { type: 'float32', shape: ['batch', 'length', 5] });
  return graph.model();
}

function turned({ graph }: Drawing, value: string, order: readonly number[]): string {
  return graph.node('Transpose', [value], { attributes: { perm: { ints: order } } });
}

function joinedSizes({ graph, sizes }: Drawing, told: readonly Told[]): string {
  const parts = told.map((one) => {
    if (typeof one === 'number') return sizes(one);
    const [value, axis, divisor] = one;
    const whole = graph.node('Gather', [graph.node('Shape', [value]), sizes(axis)]);
    return divisor === undefined ? whole : graph.node('Div', [whole, sizes(divisor)]);
  });
  return graph.node('Concat', parts, { attributes: { axis: { int: 0 } } });
}

/** As the exporter of PyTorch 2.9 and later does: keys [samples, heads, tokens, places]. */
function byWayOfRows(drawing: Drawing, keys: string): string {
  const { graph, sizes } = drawing;
  const shape = graph.node('Shape', [keys]);
  const part = (from: number, to: number): string => graph.node('Slice', [shape, sizes(from), sizes(to)]);
  const [outer, tokens, places] = [part(0, -2), part(-2, -1), part(-1, 2 ** 40)];
  const along = { attributes: { axis: { int: 0 } } };
  const rows = graph.node('Reshape', [keys, graph.node('Concat', [sizes(-1), tokens, places], along)]);
  const swapped = turned(drawing, rows, [0, 2, 1]);
  return graph.node('Reshape', [swapped, graph.node('Concat', [outer, places, tokens], along)]);
}

/** Of rows that are hidden as a whole. */
function withoutNaN({ graph }: Drawing, shares: string): string {
  const none = graph.initializer('none', { type: 'float32', shape: [], data: Float32Array.of(0) });
  return graph.node('Where', [graph.node('IsNaN', [shares]), none, shares]);
}

/** As of a shape's last place, though it is known. */
function rootOfSize({ graph, sizes }: Drawing, value: string): string {
  const last = graph.node('Slice', [graph.node('Shape', [value]), sizes(-1), sizes(2 ** 40), sizes(0)]);
  return graph.node('Sqrt', [graph.node('Cast', [last], { attributes: { to: { int: 1 } } })]);
}

function apart({ graph, weight }: Drawing, x: string): string[] {
  return [0, 1, 2].map(() =>
    graph.node('Add', [graph.node('MatMul', [x, weight(inputs, width)]), weight(width)]),
  );
}

/** Query, key and value in one product, which takes samples and tokens as one. */
function inRows(drawing: Drawing, x: string): string[] {
  const { graph, weight, sizes } = drawing;
  const rows = graph.node('Reshape', [x, joinedSizes(drawing, [-1, [x, 2]])]);
  const projected = graph.node('Gemm', [rows, weight(inputs, 3 * width), weight(3 * width)]);
  const all = graph.node('Reshape', [projected, joinedSizes(drawing, [[x, 0], [x, 1], 3 * width])]);
  const outputs = ['query', 'key', 'value'];
  graph.node('Split', [all, sizes(width, width, width)], { outputs, attributes: { axis: { int: -1 } } });
  return outputs;
}

function hidden({ graph }: Drawing, scores: string, isHidden: string): string {
  const low = graph.initializer('low', { type: 'float32', shape: [], data: Float32Array.of(-1e9) });
  return graph.node('Where', [isHidden, low, scores]);
}

/** All tokens of a sample but the first, stretched to the sizes of the scores. */
function stretched(drawing: Drawing, scores: string): string {
  const { graph } = drawing;
  const data = Float32Array.of(0, 1, 1);
  const mask = graph.initializer('mask', { type: 'float32', shape: [1, 1, 1, 3], data });
  const isHidden = graph.node('Cast', [mask], { attributes: { to: { int: 9 } } });
  return hidden(drawing, scores, graph.node('Expand', [isHidden, graph.node('Shape', [scores])]));
}

/** Tokens see none that come later: as much of a stored mask as there are tokens. */
function causal(drawing: Drawing, scores: string): string {
  const { graph, sizes } = drawing;
  const data = Float32Array.from({ length: 64 }, (_, at) => (at % 8 > Math.floor(at / 8) ? 1 : 0));
  const stored = graph.initializer('mask', { type: 'float32', shape: [1, 1, 8, 8], data });
  const count = graph.node('Gather', [graph.node('Shape', [scores]), sizes(-1)]);
  const rows = graph.node('Slice', [stored, sizes(0), count, sizes(2)]);
  const both = graph.node('Slice', [rows, sizes(0), count, sizes(3)]);
  return hidden(drawing, scores, graph.node('Cast', [both], { attributes: { to: { int: 9 } } }));
}
