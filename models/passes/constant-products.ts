import { elementCount } from '../../core/tensor.ts';
import { elementTypeName, elementTypeNumbers } from '../onnx/element-type.ts';
import { makersOf, nodesOf } from '../onnx/graph.ts';
import { numberOf, type OnnxModel, type OnnxNode, type OnnxTensor } from '../onnx/model.ts';
import { scopesOf, type Scope } from '../onnx/scopes.ts';
import { shapeOf } from '../onnx/tensor.ts';
import { functionObstacles } from './inner-graphs.ts';
import { leftOutObstacle } from './left-out.ts';

/** A MatMul, or a Gemm that is one with a bias, whose second operand is a constant float32 tensor of two axes or more. */
export interface ConstantProduct {
  node: OnnxNode;
  weight: OnnxTensor;
  /** Whether the weight is stored as [outputs, inputs]. */
  isTransposed: boolean;
  /** Name of the value to add; null where there is none. */
  bias: string | null;
  /** Null where the bias is not stored. */
  biasShape: readonly number[] | null;
}

const operators = ['MatMul', 'Gemm'];
/** Why a product of a weight without numbers stays as it is. */
export const emptyWeight = 'whose weight is empty';

const weightForms = new WeakMap<OnnxTensor, { plain: symbol; transposed: symbol }>();

/**
 * Of a weight as products read it: one stored as [outputs, inputs] for one and [inputs, outputs] for another counts as two. Graphs inside
 * nodes may have weights of one name, so the key is not the name.
 */
export function weightKey({ weight, isTransposed }: ConstantProduct): symbol {
  const known = weightForms.get(weight);
  const forms = known ?? { plain: Symbol(weight.name), transposed: Symbol(weight.name) };
  if (known === undefined) weightForms.set(weight, forms);
  return isTransposed ? forms.transposed : forms.plain;
}

/** Products, and what keeps the other MatMul and Gemm nodes from being one. */
export interface Products {
  products: ConstantProduct[];
  obstacles: string[];
}

/** Of a model, those in graphs inside its nodes included. */
export function constantProducts(
  { graph, functions }: OnnxModel,
  leftOut: ReadonlySet<OnnxNode> = new Set(),
): Products {
  const found = scopesOf(graph).map((scope) => productsOf(scope, leftOut));
  return {
    products: found.flatMap(({ products }) => products),
    obstacles: [...found.flatMap(({ obstacles }) => obstacles), ...functionObstacles(functions, operators)],
  };
}

/** Of one graph's own nodes. */
export function productsOf({ graph, constants }: Scope, leftOut: ReadonlySet<OnnxNode>): Products {
  const casts = makersOf(nodesOf(graph, ['Cast']));
  const found = nodesOf(graph, operators).map((node) =>
    leftOut.has(node) ? leftOutObstacle : productOf(node, constants, casts),
  );
  return {
    products: found.filter((product) => typeof product !== 'string'),
    obstacles: [
      ...found.filter((product) => typeof product === 'string'),
      ...fusedObstacles({ graph, constants }),
    ],
  };
}

/** Products that ONNX Runtime has fused with others, with a stored matrix of their own. */
const fused = ['Attention', 'FusedConv', 'FusedGemm', 'FusedMatMul', 'MultiHeadAttention'];

/** Why each fused product with a constant weight stays as it is. */
export function fusedObstacles({ graph, constants }: Scope): string[] {
  return graph.node.flatMap(({ domain, opType, input }) => {
    const isFused = domain === 'com.microsoft' && fused.includes(opType);
    const weight = constants.get(input[1] ?? '');
    return isFused && weight !== undefined && weight.dims.length > 1 ? [`in ${opType} of ${domain}`] : [];
  });
}

function productOf(
  node: OnnxNode,
  constants: ReadonlyMap<string, OnnxTensor>,
  casts: ReadonlyMap<string, OnnxNode>,
): ConstantProduct | string {
  const weight = constants.get(node.input[1] ?? '');
  // ONNX Runtime computes in float32 what is stored in another type.
  const before = constants.get(casts.get(node.input[1] ?? '')?.input[0] ?? '');
  if (weight === undefined && before !== undefined) return typeObstacle(before);
  if (weight === undefined) return leftObstacle(node, constants) ?? 'whose weight is computed';
  const obstacle = obstacleOf(weight);
  if (obstacle !== null) return obstacle;
  if (node.opType === 'MatMul') return { node, weight, isTransposed: false, bias: null, biasShape: null };
  const isPlain =
    attribute(node, 'alpha', 1) === 1 &&
    attribute(node, 'beta', 1) === 1 &&
    attribute(node, 'transA', 0) === 0;
  if (!isPlain) return 'that scales or transposes its input';
  const isTransposed = attribute(node, 'transB', 0) !== 0;
  const bias = node.input[2] ?? '';
  const stored = constants.get(bias);
  const biasShape = stored === undefined ? null : shapeOf(stored);
  return { node, weight, isTransposed, bias: bias === '' ? null : bias, biasShape };
}

/** Why a product without a constant on the right stays as it is where it has one on the left; null where it has none. */
export function leftObstacle(
  { input: [left = ''] }: OnnxNode,
  constants: ReadonlyMap<string, OnnxTensor>,
): string | null {
  return constants.has(left) ? 'whose constant weight is on the left' : null;
}

function typeObstacle({ dataType }: OnnxTensor): string {
  return `whose weight is ${elementTypeName(dataType)}`;
}

function obstacleOf(weight: OnnxTensor): string | null {
  const shape = shapeOf(weight);
  if (weight.dataType !== elementTypeNumbers.float32) return typeObstacle(weight);
  if (shape.length < 2) return 'whose weight is a vector';
  return elementCount(shape) === 0 ? emptyWeight : null;
}

function attribute(node: OnnxNode, name: string, otherwise: number): number {
  const found = node.attribute.find((candidate) => candidate.name === name);
  if (found === undefined) return otherwise;
  return name === 'alpha' || name === 'beta' ? found.f : numberOf(found.i);
}
