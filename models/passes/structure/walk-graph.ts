import { countUses, makersOf, readersOf, sortNodes, subgraphsOf } from '../../onnx/graph.ts';
import { inferRanked } from '../../onnx/infer-ranked.ts';
import type { OnnxModel, OnnxNode } from '../../onnx/model.ts';
import { opsetOf } from '../../onnx/opset.ts';
import { createUnits } from './units.ts';
import { walkExpand, walkGather, walkShape, walkSlice, walkSqueeze, walkUnsqueeze } from './walk-axes.ts';
import { walkGroupNorm, walkGrouping, walkUngrouping } from './walk-group-norm.ts';
import {
  walkBatchNorm,
  walkConv,
  walkConvTranspose,
  walkGemm,
  walkInstanceNorm,
  walkMatMul,
} from './walk-products.ts';
import {
  walkAlongAxis,
  walkConcat,
  walkElementwise,
  walkPad,
  walkPooling,
  walkReduce,
  walkResize,
  walkSplit,
  walkTranspose,
  walkUnchanged,
} from './walk-shapes.ts';
import { walkReshape } from './walk-reshape.ts';
import { hasUnits, labelsOf, namesReadInside, pinAll, type AxisUnits, type Walk } from './walk.ts';

type Step = (walk: Walk, node: OnnxNode) => AxisUnits | null;

const unary =
  'Abs Cast Celu Clip Dropout Elu Erf Exp Gelu HardSigmoid HardSwish Identity IsNaN LeakyRelu Log Mish Neg Reciprocal Relu Selu Sigmoid Softplus Softsign Sqrt Swish Tanh ThresholdedRelu';
const elementwise = 'Add Sub Mul Div Pow Min Max Sum Mean PRelu Where Equal Greater Less';
const pooling = 'MaxPool AveragePool LpPool GlobalAveragePool GlobalMaxPool GlobalLpPool';
const reducing = 'ReduceMean ReduceSum ReduceMax ReduceMin ReduceL1 ReduceL2 ReduceProd';

const each = (names: string, step: Step): Record<string, Step> =>
  Object.fromEntries(names.split(' ').map((name) => [name, step]));

/** How units pass each ONNX operator; null, as for every other operator, where they cannot. */
const steps: Readonly<Record<string, Step>> = {
  ...each(unary, walkUnchanged),
  ...each(elementwise, walkElementwise),
  ...each(pooling, walkPooling),
  ...each(reducing, walkReduce),
  ...each('Softmax LogSoftmax LayerNormalization', walkAlongAxis),
  Flatten: walkReshape,
  Reshape: (walk, node) => walkGrouping(walk, node) ?? walkUngrouping(walk, node) ?? walkReshape(walk, node),
  Expand: walkExpand,
  Shape: walkShape,
  Squeeze: walkSqueeze,
  Unsqueeze: walkUnsqueeze,
  Gather: walkGather,
  Slice: walkSlice,
  MatMul: walkMatMul,
  Gemm: walkGemm,
  Conv: walkConv,
  ConvTranspose: walkConvTranspose,
  BatchNormalization: walkBatchNorm,
  InstanceNormalization: walkInstanceNorm,
  GroupNormalization: walkGroupNorm,
  Resize: walkResize,
  Pad: walkPad,
  Transpose: walkTranspose,
  Concat: walkConcat,
};

/** The same for activations of ONNX Runtime's own, which its optimiser writes; two of them may add a bias. */
const ownSteps: Readonly<Record<string, Step>> = {
  ...each('Gelu QuickGelu', walkUnchanged),
  ...each('BiasGelu FastGelu', walkElementwise),
};
const stepsOf: Readonly<Record<string, typeof steps>> = { '': steps, 'com.microsoft': ownSteps };

/** Finds what stands and falls together in a graph (the dependency groups of Fang et al. 2023). Throws `model-invalid` where ONNX Runtime refuses the model. */
export async function walkGraph(model: OnnxModel): Promise<Walk> {
  const { graph } = model;
  const walk: Walk = {
    opset: opsetOf(model),
    units: createUnits(),
    constants: new Map(graph.initializer.map((tensor) => [tensor.name, tensor])),
    values: await inferRanked(model),
    uses: countUses(graph),
    makers: makersOf(graph.node),
    readersOf: readersOf(graph.node),
    labels: new Map(),
    shapesOf: new Map(),
    grouped: new Map(),
    cuts: [],
    resizes: [],
    readers: [],
    stops: [],
    uncut: new Map(),
  };
  for (const node of sortNodes(graph.node)) visit(walk, node);
  for (const { name } of graph.output) pinAll(walk, labelsOf(walk, name));
  return walk;
}

function visit(walk: Walk, node: OnnxNode): void {
  for (const name of namesReadInside(node)) pinAll(walk, walk.labels.get(name) ?? []);
  if (node.domain === '' && node.opType === 'Split') {
    label(walk, node, walkSplit(walk, node));
    return;
  }
  const step = subgraphsOf(node).length === 0 ? stepsOf[node.domain]?.[node.opType] : undefined;
  const made = step?.(walk, node) ?? null;
  label(walk, node, made === null ? null : [made]);
}

/** Further outputs, such as the mask of Dropout and the places of MaxPool, have no units: where they are read, those of the inputs stay. */
function label(walk: Walk, node: OnnxNode, made: readonly AxisUnits[] | null): void {
  const given = node.input.map((name) => walk.labels.get(name) ?? []);
  const isShown = made !== null && node.output.slice(made.length).some((name) => walk.uses.has(name));
  if ((made === null || isShown) && given.some(hasUnits)) {
    given.forEach((labels) => {
      pinAll(walk, labels);
    });
    walk.stops.push(node.opType);
  }
  made?.forEach((labels, index) => {
    const name = node.output[index] ?? '';
    if (name !== '' && hasUnits(labels)) walk.labels.set(name, labels);
  });
}
