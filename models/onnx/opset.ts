import { changed, numberOf, type OnnxGraph, type OnnxModel, type OnnxNode } from './model.ts';
import { subgraphsOf } from './graph.ts';

/** The oldest ONNX operator set the passes read. */
export const oldestOpset = 11;

/** Operators that mean something else, or are written differently, in a set up to 13 than in 11: lifting one needs more than a number. */
const changedBy13 = [
  'ArgMax',
  'ArgMin',
  'Dropout',
  'Hardmax',
  'LogSoftmax',
  'NegativeLogLikelihoodLoss',
  'ReduceSum',
  'Softmax',
  'SoftmaxCrossEntropyLoss',
  'Split',
  'Squeeze',
  'Unsqueeze',
];

/** The version of the ONNX operators a model uses; 0 where it uses none. */
export function opsetOf(model: OnnxModel): number {
  return numberOf(model.opsetImport.find(({ domain }) => domain === '')?.version ?? 0);
}

/** The model under operator set `needed` (at most 13) where it has an older one and nothing in it changed since, else the reason why not. */
export function liftOpset(model: OnnxModel, needed: number): { model: OnnxModel } | { reason: string } {
  const version = opsetOf(model);
  if (version >= needed) return { model };
  const obstacles = new Set(operatorsOf(model.graph).filter((name) => changedBy13.includes(name)));
  if (version < oldestOpset || obstacles.size > 0) {
    const why = obstacles.size === 0 ? '' : `, and ${[...obstacles].join(', ')} changed since`;
    return { reason: `it needs operator set ${needed}, the model has ${version}${why}` };
  }
  const opsetImport = model.opsetImport.map((set) =>
    set.domain === '' ? changed(set, { version: needed }) : set,
  );
  return { model: changed(model, { opsetImport }) };
}

function operatorsOf(graph: OnnxGraph): string[] {
  return graph.node.flatMap((node: OnnxNode) => [
    ...(node.domain === '' ? [node.opType] : []),
    ...subgraphsOf(node).flatMap(operatorsOf),
  ]);
}
