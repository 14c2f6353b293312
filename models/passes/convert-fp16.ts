import * as z from 'zod';
import { elementTypeNumbers } from '../onnx/element-type.ts';
import { capturedValues, freshNames, makersOf, sortNodes, type FreshName } from '../onnx/graph.ts';
import { inferValues } from '../onnx/infer.ts';
import { changed, numberOf, type OnnxGraph, type OnnxNode, type OnnxTensor } from '../onnx/model.ts';
import { createNode } from '../onnx/node.ts';
import { scopesOf } from '../onnx/scopes.ts';
import { shapeOf } from '../onnx/tensor.ts';
import { apartFromBatchTransposes } from './batch-transposes.ts';
import { toFloat16 } from './float16.ts';
import { staysFloat32, takesFloat32 } from './float32-nodes.ts';
import { innerObstacles } from './inner-graphs.ts';
import { integerIslands } from './integer-islands.ts';
import { leftOutNodes, leftOutSchema } from './left-out.ts';
import { madeTensor } from './made-tensor.ts';
import { definePass, type PassOutcome } from './pass.ts';
import { assertNotNaN, countEach, describeOperators, floatsOf } from './weights.ts';
import { fp16Form } from './convert-fp16-form.ts';

const parameters = z.strictObject({
  /** Operators that stay in float32 besides those that must, separated by spaces; may be empty. */
  keep: z.string(),
  leftOut: leftOutSchema,
});

/** Operators worth telling of where they stay in float32 inside another node. */
const products = ['Conv', 'Gemm', 'MatMul'];

/**
 * Stores weights and computes in float16; the model's own inputs and outputs keep their types. Halves the file. Faster where
 * the device has float16 units (CUDA, WebGPU with shader-f16); a CPU casts back and is no faster.
 */
export const convertFp16 = definePass({
  name: 'convert-fp16',
  kind: 'converts',
  form: fp16Form,
  version: 7,
  operators: ['every operator with a float16 form'],
  paysOn: ['cuda', 'webgpu'],
  parameters,
  rewrite: async (model, { keep, leftOut }): Promise<PassOutcome> => {
    const values = await inferValues(model);
    const isFloat = (name: string): boolean => values.get(name)?.type === 'float32';
    const kept = keep === '' ? [] : keep.split(' ');
    const unknown = absentOperators(model.graph, kept);
    if (kept.length > 0 && unknown.length === kept.length)
      return { status: 'nothing-to-do', reason: explainAbsent(model.graph, unknown) };
    const conversion = startConversion(model.graph, {
      isFloat,
      kept,
      leftOut: leftOutNodes(model, leftOut),
    });
    if (conversion.halves.size === 0) {
      const reason = `no node computes in float32 and may in float16: the graph has ${describeOperators(model.graph)}`;
      return { status: 'nothing-to-do', reason };
    }
    const graph = convert(conversion);
    if (conversion.counts.weights === 0)
      return { status: 'nothing-to-do', reason: explainNoWeights(conversion) };
    return {
      status: 'applied',
      model: changed(model, { graph }),
      summary: `${summarise(conversion, innerObstacles(model, products))}${describeAbsent(unknown)}`,
    };
  },
});

/** Of the operators to keep, those that no node has, in graphs inside nodes included. */
function absentOperators(graph: OnnxGraph, kept: readonly string[]): string[] {
  const present = new Set(scopesOf(graph).flatMap((scope) => scope.graph.node.map(({ opType }) => opType)));
  return kept.filter((name) => !present.has(name));
}

function explainAbsent(graph: OnnxGraph, unknown: readonly string[]): string {
  return `there is no ${unknown.join(' or ')} to keep in float32: the graph has ${describeOperators(graph)}`;
}

function describeAbsent(unknown: readonly string[]): string {
  return unknown.length === 0 ? '' : `; no ${unknown.join(' or ')} to keep in float32`;
}

function explainNoWeights({ halves, blocked }: Conversion): string {
  const computing = countEach([...halves].map(({ opType }) => opType));
  const others =
    blocked.length === 0 ? '' : `; in float32 stay ${countEach(blocked.map(({ opType }) => opType))}`;
  return `no weight becomes float16: those that may compute in it, ${computing}, have no float32 weights${others}`;
}

type Form = 'float16' | 'float32';

interface Conversion {
  graph: OnnxGraph;
  isFloat: (name: string) => boolean;
  weights: ReadonlyMap<string, OnnxTensor>;
  makers: ReadonlyMap<string, OnnxNode>;
  /** Nodes that compute in float16. */
  halves: ReadonlySet<OnnxNode>;
  /** Nodes that would, but for the block list or a graph inside. */
  blocked: readonly OnnxNode[];
  /** Values whose own name must go on meaning float32. */
  fixed: ReadonlySet<string>;
  /** Forms of each value that a node reads, or a name fixes. */
  wanted: ReadonlyMap<string, ReadonlySet<Form>>;
  fresh: FreshName;
  names: Map<string, string>;
  counts: { weights: number; above: number; below: number };
}

interface Choice {
  isFloat: (name: string) => boolean;
  kept: readonly string[];
  leftOut: ReadonlySet<OnnxNode>;
}

function startConversion(graph: OnnxGraph, { isFloat, kept, leftOut }: Choice): Conversion {
  const weights = new Map(
    graph.initializer
      .filter(({ dataType }) => dataType === elementTypeNumbers.float32)
      .map((tensor) => [tensor.name, tensor]),
  );
  const touching = graph.node.filter(({ input, output }) =>
    [...input, ...output].some((name) => isFloat(name) || weights.has(name)),
  );
  const islands = integerIslands(graph);
  const blocked = touching.filter(
    (node) => leftOut.has(node) || islands.has(node) || staysFloat32(node, kept),
  );
  const halves = new Set(touching.filter((node) => !blocked.includes(node)));
  const sparse = graph.sparseInitializer.map(({ values }) => values?.name ?? '');
  const fixed = new Set([
    ...[...graph.input, ...graph.output].map(({ name }) => name),
    ...graph.node.flatMap(capturedValues),
    ...sparse,
  ]);
  const names = new Map<string, string>();
  const counts = { weights: 0, above: 0, below: 0 };
  const wanted = wantedForms(graph, halves, fixed);
  return {
    ...{ graph, isFloat, weights, halves, blocked, fixed, wanted, names, counts },
    makers: makersOf(graph.node),
    fresh: freshNames(graph),
  };
}

function wantedForms(
  graph: OnnxGraph,
  halves: ReadonlySet<OnnxNode>,
  fixed: ReadonlySet<string>,
): Map<string, Set<Form>> {
  const wanted = new Map<string, Set<Form>>([...fixed].map((name) => [name, new Set(['float32'])]));
  for (const node of graph.node) {
    for (const [index, name] of node.input.entries()) {
      const forms = wanted.get(name) ?? new Set();
      wanted.set(name, forms.add(readForm(node, index, halves)));
    }
  }
  return wanted;
}

function readForm(node: OnnxNode, index: number, halves: ReadonlySet<OnnxNode>): Form {
  return halves.has(node) && !takesFloat32(node, index) ? 'float16' : 'float32';
}

function convert(conversion: Conversion): OnnxGraph {
  const { graph, isFloat, halves, names } = conversion;
  const nodes: OnnxNode[] = graph.input.flatMap(({ name }) =>
    isFloat(name) ? otherForm(conversion, name, 'float32') : [],
  );
  const initializer = graph.initializer.flatMap((tensor) => weightForms(conversion, tensor));
  for (const node of sortNodes(graph.node)) {
    const form: Form = halves.has(node) ? 'float16' : 'float32';
    const output = node.output.map((name) => (isFloat(name) ? named(conversion, name, form) : name));
    const input = node.input.map((name, index) =>
      isConverted(conversion, name) ? named(conversion, name, readForm(node, index, halves)) : name,
    );
    nodes.push(
      changed(form === 'float16' ? withFloat16Attributes(node, conversion) : node, { input, output }),
    );
    nodes.push(...node.output.filter(isFloat).flatMap((name) => otherForm(conversion, name, form)));
  }
  const known = new Set(
    [...names.entries()].filter(([key]) => key.startsWith('float16 ')).map(([, name]) => name),
  );
  const { fresh } = conversion;
  const apart = apartFromBatchTransposes(nodes, { isHalf: (name) => known.has(name), fresh });
  return changed(graph, {
    node: apart.nodes,
    initializer: [...initializer, ...apart.initializers],
    valueInfo: graph.valueInfo.filter(({ name }) => !known.has(name)),
  });
}

function isConverted({ isFloat, weights }: Conversion, name: string): boolean {
  return isFloat(name) || weights.has(name);
}

/** The name of a form of a value: its own for the form it is made in, unless that name is fixed to float32. */
function named(conversion: Conversion, value: string, form: Form): string {
  const key = `${form} ${value}`;
  const known = conversion.names.get(key);
  if (known !== undefined) return known;
  const name = ownForm(conversion, value) === form ? value : conversion.fresh(`${value}_${form}`);
  conversion.names.set(key, name);
  return name;
}

function ownForm({ fixed, wanted, weights, halves, makers }: Conversion, value: string): Form {
  if (fixed.has(value)) return 'float32';
  if (weights.has(value)) return wanted.get(value)?.has('float32') === true ? 'float32' : 'float16';
  const maker = makers.get(value);
  return maker !== undefined && halves.has(maker) ? 'float16' : 'float32';
}

/** A Cast to the form a value was not made in, where something reads that. */
function otherForm(conversion: Conversion, value: string, made: Form): OnnxNode[] {
  const other: Form = made === 'float16' ? 'float32' : 'float16';
  if (conversion.wanted.get(value)?.has(other) !== true) return [];
  const outputs = [named(conversion, value, other)];
  const to = { int: other === 'float16' ? elementTypeNumbers.float16 : elementTypeNumbers.float32 };
  const name = conversion.fresh(`${value}_to_${other}`);
  return [
    createNode({
      opType: 'Cast',
      inputs: [named(conversion, value, made)],
      outputs,
      name,
      attributes: { to },
    }),
  ];
}

function weightForms(conversion: Conversion, tensor: OnnxTensor): OnnxTensor[] {
  const forms = conversion.wanted.get(tensor.name);
  if (!conversion.weights.has(tensor.name) || forms?.has('float16') !== true) return [tensor];
  const converted = halfTensor(tensor, named(conversion, tensor.name, 'float16'), conversion);
  return forms.has('float32') ? [tensor, converted] : [converted];
}

function halfTensor(tensor: OnnxTensor, name: string, { counts }: Pick<Conversion, 'counts'>): OnnxTensor {
  const floats = floatsOf(tensor);
  assertNotNaN(tensor.name, floats);
  const { bits, above, below } = toFloat16(floats);
  counts.weights += bits.length;
  counts.above += above;
  counts.below += below;
  const values = (): Uint16Array => toFloat16(floatsOf(tensor)).bits;
  const form = { name, dataType: elementTypeNumbers.float16, shape: shapeOf(tensor) };
  return madeTensor({ ...form, from: tensor, made: bits, values });
}

/** Constants a node holds, and the type a Cast gives, follow the node. */
function withFloat16Attributes(node: OnnxNode, conversion: Pick<Conversion, 'counts'>): OnnxNode {
  const [name = ''] = node.output;
  const attribute = node.attribute.map((one) => {
    const isCast =
      node.opType === 'Cast' && one.name === 'to' && numberOf(one.i) === elementTypeNumbers.float32;
    if (isCast) return changed(one, { i: elementTypeNumbers.float16 });
    return one.t?.dataType === elementTypeNumbers.float32
      ? changed(one, { t: halfTensor(changed(one.t, { name }), one.t.name, conversion) })
      : one;
  });
  return changed(node, { attribute });
}

function summarise({ halves, blocked, counts }: Conversion, inner: readonly string[]): string {
  const clamps = [
    ...(counts.above > 0 ? [`${counts.above} clamped to 65504`] : []),
    ...(counts.below > 0 ? [`${counts.below} raised to 5.96e-8`] : []),
  ];
  return [
    `${halves.size} nodes and ${counts.weights} weights in float16`,
    ...(clamps.length === 0 ? [] : [`, of them ${clamps.join(' and ')}`]),
    ...(blocked.length === 0 ? [] : [`; in float32: ${countEach(blocked.map(({ opType }) => opType))}`]),
    ...(inner.length === 0 ? [] : [`; products in float32: ${countEach(inner)}`]),
  ].join('');
}
