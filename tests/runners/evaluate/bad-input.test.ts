import { expect, test } from 'vitest';
import { buildGraph } from '../../../models/onnx/builder.ts';
import { encodeModel } from '../../../models/onnx/write.ts';
import { columnsInput, echo, evaluate, modelOf, type Evaluation } from './evaluation.ts';

/** A model that puts out NaN for what is below 0. */
function rootOf(width: number): Uint8Array {
  return modelOf(width, (graph, x) => {
    graph.node('Sqrt', [x], { outputs: ['y'] });
    graph.output('y', { type: 'float32', shape: ['batch', width] });
  });
}

/** A model of bytes. */
function bytesModel(): Uint8Array {
  const graph = buildGraph('bytes');
  const x = graph.input('x', { type: 'uint8', shape: ['batch', 1] });
  graph.node('Cast', [x], { outputs: ['y'], attributes: { to: { int: 1 } } });
  graph.output('y', { type: 'float32', shape: ['batch', 1] });
  return encodeModel(graph.model());
}

const [length, vocabulary, tags] = [4, ['_', 'u', 'v', 'w'], ['O', 'B-X', 'I-X']];

/** Scores of each token by itself: the last of so many is the highest, but for those of one token. */
function tokenModel(width: number, odd?: { token: number; scores: number[] }): Uint8Array {
  const graph = buildGraph('tokens');
  const rows = vocabulary.map((_, token) =>
    odd?.token === token ? odd.scores : Array.from({ length: width }, (__, score) => score),
  );
  const ids = graph.input('ids', { type: 'int64', shape: ['batch', length] });
  const shape = [vocabulary.length, width];
  const table = graph.initializer('table', { type: 'float32', shape, data: Float32Array.from(rows.flat()) });
  graph.node('Gather', [table, ids], { outputs: ['y'] });
  graph.output('y', { type: 'float32', shape: ['batch', length, width] });
  return encodeModel(graph.model());
}

const named = (...values: string[]) => values.map((value) => ({ value, label: value }));
const tokens = { inputs: [{ kind: 'tokens', name: 'ids' }] };

const regression = {
  manifest: { ...columnsInput('a'), target: { kind: 'value', column: 'y', unit: 'm' } },
  model: echo(1),
  task: { kind: 'regression' },
} as const;
const classes = { kind: 'class', column: 'k', classes: named('a', 'b') };
const classification = {
  manifest: { ...columnsInput('p', 'q'), target: classes },
  model: echo(2),
  task: { kind: 'classification', scores: 'probabilities' },
} as const;
const multilabel = {
  manifest: {
    ...columnsInput('p', 'q'),
    target: { kind: 'labels', column: 'k', labels: named('cat', 'dog') },
  },
  model: echo(2),
  task: { kind: 'multilabel', scores: 'probabilities', threshold: 0.5 },
} as const;
const ranking = {
  manifest: { ...columnsInput('s'), target: { kind: 'gain', column: 'g', queryColumn: 'u' } },
  model: echo(1),
  task: { kind: 'ranking' },
} as const;
const tagging = {
  manifest: {
    ...tokens,
    target: { kind: 'tags', column: 't', tags, words: { column: 'x', vocabulary }, length },
  },
  model: tokenModel(3),
  task: { kind: 'tagging' },
} as const;
const texts = { kind: 'tokens', column: 'x', promptColumn: 'n', floorColumn: null, vocabulary, length };
const generation = {
  manifest: { ...tokens, target: texts },
  model: tokenModel(4),
  task: { kind: 'generation' },
} as const;

type Case = [what: string, given: Omit<Evaluation, 'metrics'>, metric: string, told: RegExp];

const regressions: Case[] = [
  [
    'another number of outputs',
    {
      ...regression,
      model: echo(2),
      manifest: { ...regression.manifest, ...columnsInput('a', 'y') },
      data: 'a,y\n1,1\n',
    },
    'mse',
    /"y" \(float32 \[1, 2\]\) does not fit; accepted: float \[batch, 1\] for y$/,
  ],
  [
    'NaN',
    { ...regression, model: rootOf(1), data: 'a,y\n-1,1\n4,2\n' },
    'mse',
    /finite numbers; not so for sample "1"$/,
  ],
  [
    'values that no byte is',
    { ...regression, model: bytesModel(), data: 'a,y\n1,1\n300,2\n255,1\n0.5,1\n' },
    'mse',
    /input "x" does not fit: the value 300 is not a number of uint8; not so, in a batch, for samples "2", "4"$/,
  ],
  [
    'an infinite value',
    { ...regression, data: 'a,y\n1,Infinity\n' },
    'mse',
    /row 1, column "y": expected a number, found "Infinity"/,
  ],
  ['no rows', { ...regression, data: 'a,y\n' }, 'mse', /has no rows; at least one is needed/],
  ['one sample', { ...regression, data: 'a,y\n1,1\n' }, 'r2', /takes 2 or more; found 1$/],
  [
    'no logarithm',
    { ...regression, data: 'a,y\n-3,1\n2,1\n' },
    'msle',
    /values above -1; not so for sample "1"$/,
  ],
];

const classifications: Case[] = [
  [
    'another number of classes',
    {
      ...classification,
      model: echo(2),
      manifest: { ...classification.manifest, target: { ...classes, classes: named('a', 'b', 'c') } },
      data: 'p,q,k\n0.5,0.5,a\n',
    },
    'accuracy',
    /float32 \[1, 2\]\) does not fit; accepted: float \[batch, 3\] for a, b, c/,
  ],
  [
    'NaN',
    { ...classification, model: rootOf(2), data: 'p,q,k\n-1,0.5,a\n0.2,0.8,b\n' },
    'accuracy',
    /a score of NaN; finite numbers are accepted; not so for sample "1"$/,
  ],
  [
    'probabilities outside 0 to 1',
    { ...classification, data: 'p,q,k\n0.2,0.8,b\n1.5,-0.5,a\n' },
    'accuracy',
    /a probability of 1\.5; 0 to 1 is accepted.* not so for sample "2"$/,
  ],
  [
    'probabilities that do not sum to 1',
    { ...classification, data: 'p,q,k\n0.2,0.8,b\n0.5,0.9,a\n' },
    'log-loss',
    /should sum to 1 and are taken as they are; not so for sample "2"$/,
  ],
  [
    'a class of the data alone',
    { ...classification, data: 'p,q,k\n0.2,0.8,c\n' },
    'accuracy',
    /row 1, column "k": expected one of a, b, found "c"/,
  ],
  [
    'a class unknown to the model',
    {
      ...classification,
      task: { ...classification.task, labels: ['a', 'z'] },
      data: 'p,q,k\n0.2,0.8,a\n0.2,0.8,b\n',
    },
    'accuracy',
    /does not know the class "b"; its classes are: a, z; not so, in a batch, for sample "2"$/,
  ],
  [
    'one class only',
    { ...classification, data: 'p,q,k\n0.2,0.8,a\n0.9,0.1,a\n' },
    'roc-auc',
    /samples of every label; none is of label "b"$/,
  ],
  [
    'no positives',
    { ...classification, data: 'p,q,k\n0.2,0.8,a\n0.9,0.1,a\n' },
    'f1-binary',
    /none of the 2 samples is of label "b", so there is nothing to find$/,
  ],
  [
    'no positives of a mean',
    { ...classification, data: 'p,q,k\n0.2,0.8,a\n0.9,0.1,a\n' },
    'f1-macro',
    /nothing is of label "b", which is predicted and counts as 0$/m,
  ],
];

const multilabels: Case[] = [
  [
    'NaN',
    { ...multilabel, model: rootOf(2), data: 'p,q,k\n-1,0.5,cat\n' },
    'f1-macro',
    /a score of NaN; finite numbers are accepted; not so for sample "1"$/,
  ],
  [
    'probabilities outside 0 to 1',
    { ...multilabel, data: 'p,q,k\n1.5,0.5,cat\n' },
    'f1-macro',
    /0 to 1 is accepted.* not so for sample "1"$/,
  ],
  [
    'a label of the data alone',
    { ...multilabel, data: 'p,q,k\n0.7,0.5,cow\n' },
    'f1-macro',
    /row 1, column "k": expected any of cat, dog, found "cow"/,
  ],
  [
    'no positives',
    { ...multilabel, data: 'p,q,k\n0.7,0.5,\n' },
    'f1-macro',
    /nothing is of label "cat", which is predicted and counts as 0$/,
  ],
  [
    'no positives at all',
    { ...multilabel, data: 'p,q,k\n0.7,0.5,\n' },
    'f1-micro',
    /expected in any sample, so there is nothing to find$/,
  ],
  [
    'no positives to rank',
    { ...multilabel, data: 'p,q,k\n0.7,0.5,cat\n0.7,0.5,\n' },
    'lrap',
    /no label applies to sample "2", or all do, which counts as 1$/,
  ],
  [
    'one label only',
    { ...multilabel, data: 'p,q,k\n0.7,0.5,cat\n0.7,0.5,\n' },
    'roc-auc-macro',
    /samples with and without each label; not so for "dog"$/,
  ],
];

const rankings: Case[] = [
  [
    'NaN',
    { ...ranking, model: rootOf(1), data: 's,u,g\n-1,anna,1\n2,ben,1\n' },
    'mrr',
    /query "anna" a score of NaN; finite numbers are accepted$/,
  ],
  [
    'a negative gain',
    { ...ranking, data: 's,u,g\n1,anna,-1\n' },
    'mrr',
    /row 1, column "g": expected a gain of 0 or more, found "-1"/,
  ],
  [
    'no positives',
    { ...ranking, data: 's,u,g\n1,anna,0\n3,ben,1\n' },
    'mrr',
    /no candidate is relevant in sample "anna", which counts as 0$/,
  ],
];

const taggings: Case[] = [
  [
    'NaN',
    { ...tagging, model: tokenModel(3, { token: 3, scores: [0, NaN, 0] }), data: 'x,t\nu v,O O\nw,O\n' },
    'tag-accuracy',
    /a score of NaN; finite numbers are accepted; not so, in a batch, for sample "2"$/,
  ],
  [
    'fewer tags than words',
    { ...tagging, data: 'x,t\nu v,O\n' },
    'tag-accuracy',
    /row 1, column "t": expected 2 tags, one a word, found "O"/,
  ],
  [
    'a tag of the data alone',
    { ...tagging, data: 'x,t\nu v,O B-Y\n' },
    'tag-accuracy',
    /row 1, column "t": expected tags of O, B-X, I-X, found "O B-Y"/,
  ],
  [
    'a tag unknown to the model',
    { ...tagging, task: { ...tagging.task, labels: ['O', 'B-X', 'B-Z'] }, data: 'x,t\nu,O\nu v,O I-X\n' },
    'tag-accuracy',
    /does not know the tag "I-X"; .*for sample "2"$/,
  ],
  [
    'no positives',
    { ...tagging, data: 'x,t\nu v,O O\n' },
    'entity-f1-micro',
    /expected in any sample, so there is nothing to find$/,
  ],
];

const generations: Case[] = [
  [
    'NaN',
    {
      ...generation,
      model: tokenModel(4, { token: 3, scores: [0, NaN, 0, 0] }),
      data: 'x,n\nu v,1\nw v,1\n',
    },
    'bleu',
    /of sample "2" is NaN; a finite number is accepted$/,
  ],
  [
    'a word that cannot be',
    {
      ...generation,
      model: tokenModel(4, { token: 1, scores: [0, 0, -Infinity, 0] }),
      data: 'x,n\nw v,1\nu v,1\n',
    },
    'perplexity',
    /-ln p must be a finite number; not so for sample "2"$/,
  ],
  [
    'a word of the data alone',
    { ...generation, data: 'x,n\nu z,1\n' },
    'bleu',
    /row 1, column "x": "z" is not in the vocabulary.* Known: _, u, v, w/,
  ],
  [
    'a token unknown to the model',
    { ...generation, model: tokenModel(3), data: 'x,n\nu v,1\nu w,1\n' },
    'bleu',
    /does not know the token "w"; it has logits of the first 3 of the vocabulary's 4 tokens; not so, in a batch, for sample "2"$/,
  ],
  [
    'more words than a row has',
    { ...generation, data: 'x,n\nu v u v u,1\n' },
    'bleu',
    /row 1, column "x": expected 2 to 4 words/,
  ],
  [
    'references that are all empty',
    { ...generation, manifest: { ...tokens, target: { ...texts, end: 'w' } }, data: 'x,n\nu w,1\nv w,1\n' },
    'bleu',
    /all references are empty, as of samples "1", "2"; a reference holds at least a character$/,
  ],
];

/** Why there is no figure, what makes it doubtful, or the error that ended the cell. */
async function toldOf(given: Evaluation): Promise<string> {
  const result = await evaluate(given).catch((thrown: unknown) => thrown as Error);
  if (result instanceof Error) return result.message;
  const { metrics, warnings } = result;
  return [...metrics.map(({ reason }) => reason ?? ''), ...warnings.map(({ detail }) => detail)]
    .filter((line) => line !== '')
    .join('\n');
}

const cases = [
  ...regressions,
  ...classifications,
  ...multilabels,
  ...rankings,
  ...taggings,
  ...generations,
].map(([what, given, metric, told]) => ({ kind: given.task.kind, what, given, metric, told }));

test.each(cases)('$kind: $what is told with what is accepted, and where', async ({ given, metric, told }) => {
  const lines = (await toldOf({ ...given, metrics: [metric] })).split('\n');
  expect(
    lines.some((line) => told.test(line)),
    lines.join('\n'),
  ).toBe(true);
});

test('a larger vocabulary of the model is accepted, as padded ones are', async () => {
  const wider = { ...generation, model: tokenModel(6), data: 'x,n\nu v,1\n', metrics: ['perplexity'] };
  expect((await evaluate(wider)).metrics[0]?.value).toBeGreaterThan(1);
});
