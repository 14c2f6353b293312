import { makersOf, readersOf } from '../onnx/graph.ts';
import type { OnnxGraph, OnnxNode } from '../onnx/model.ts';

const products = ['Conv', 'ConvTranspose', 'Gemm', 'MatMul'];
const integerProducts = ['ConvInteger', 'MatMulInteger'];
const clamps = ['Clip', 'Relu'];

/**
 * Nodes that ONNX Runtime fuses with the QuantizeLinear, DequantizeLinear or integer product beside them: in another type they would
 * compute in floats again.
 */
export function integerIslands(graph: OnnxGraph): ReadonlySet<OnnxNode> {
  const surroundings = { makers: makersOf(graph.node), readers: readersOf(graph.node) };
  const scaled = new Set<OnnxNode>();
  for (let size = -1; size !== scaled.size;) {
    size = scaled.size;
    for (const node of graph.node) if (scalesIntegers(node, scaled, surroundings)) scaled.add(node);
  }
  return new Set(graph.node.filter((node) => scaled.has(node) || isDequantized(node, surroundings)));
}

interface Surroundings {
  makers: ReadonlyMap<string, OnnxNode>;
  readers: ReadonlyMap<string, readonly OnnxNode[]>;
}

/** Between DequantizeLinear and QuantizeLinear, or a product after the first, whose result may stay in floats. */
function isDequantized(node: OnnxNode, surroundings: Surroundings): boolean {
  const { makers } = surroundings;
  const isFed = node.input.some((name) => makers.get(name)?.opType === 'DequantizeLinear');
  if (isFed) return products.includes(node.opType) || isQuantizedNext(node, surroundings);
  const before = makers.get(node.input[0] ?? '');
  return (
    clamps.includes(node.opType) &&
    before !== undefined &&
    !clamps.includes(before.opType) &&
    isQuantizedNext(node, surroundings) &&
    isDequantized(before, surroundings)
  );
}

/** At once, or after a clamp that takes part in the fusion. */
function isQuantizedNext({ output }: OnnxNode, { readers }: Surroundings): boolean {
  const next = readers.get(output[0] ?? '') ?? [];
  const [only] = next;
  const through =
    next.length === 1 && only !== undefined && clamps.includes(only.opType)
      ? (readers.get(only.output[0] ?? '') ?? [])
      : next;
  return through.length > 0 && through.every(({ opType }) => opType === 'QuantizeLinear');
}

/** What turns the sums of an integer product into floats: Cast, Mul by the scales, and Add of a bias. */
function scalesIntegers(
  { opType, input }: OnnxNode,
  scaled: ReadonlySet<OnnxNode>,
  { makers }: Surroundings,
): boolean {
  const given = input.flatMap((name) => makers.get(name) ?? []);
  if (opType === 'Cast') return given.some((maker) => integerProducts.includes(maker.opType));
  const isScale = opType === 'Mul' && given.some((maker) => maker.opType === 'DynamicQuantizeLinear');
  // A sum of two computed values is no bias.
  const isNext = opType === 'Mul' || (opType === 'Add' && given.length === 1);
  return isScale || (isNext && given.some((maker) => scaled.has(maker) && maker.opType !== 'Add'));
}
