import { elementTypeNumbers } from '../../onnx/element-type.ts';
import { freshNames, type FreshName } from '../../onnx/graph.ts';
import { changed, type OnnxGraph, type OnnxNode, type OnnxTensor } from '../../onnx/model.ts';
import { createNode } from '../../onnx/node.ts';
import { createTensor } from '../../onnx/tensor.ts';
import { intOf, storedInts, type Resize, type Walk } from './walk.ts';

interface Edits {
  walk: Walk;
  fresh: FreshName;
  stays: (unit: number) => boolean;
  added: OnnxTensor[];
  /** The changed form of a node. */
  nodes: Map<OnnxNode, OnnxNode>;
}

/** The nodes that state sizes or places of units which go, as they must be without those, and what they have to have stored. */
export function resizedNodes(
  graph: OnnxGraph,
  walk: Walk,
  stays: (unit: number) => boolean,
): Pick<Edits, 'added' | 'nodes'> {
  const edits: Edits = { walk, fresh: freshNames(graph), stays, added: [], nodes: new Map() };
  for (const resize of walk.resizes) {
    if (unitsOf(resize).every(stays)) continue;
    const node = edits.nodes.get(resize.node) ?? resize.node;
    edits.nodes.set(resize.node, edited(edits, node, resize));
  }
  return edits;
}

function unitsOf(resize: Resize): number[] {
  switch (resize.kind) {
    case 'split':
      return resize.parts.flatMap((part) => [...part]);
    case 'slice':
      return [...resize.before, ...resize.units];
    case 'gather':
      return [...resize.all];
    case 'group':
    case 'size':
      return [...resize.units];
  }
}

function edited(edits: Edits, node: OnnxNode, resize: Resize): OnnxNode {
  const count = (units: Int32Array): number => units.filter(edits.stays).length;
  switch (resize.kind) {
    case 'group':
      return withInt(node, resize.attribute, count(resize.units));
    case 'split':
      return withParts(edits, node, resize.parts.map(count));
    case 'slice': {
      const start = count(resize.before);
      const started = withEntry(edits, node, { input: 1, at: resize.at, value: start });
      return withEntry(edits, started, { input: 2, at: resize.at, value: start + count(resize.units) });
    }
    case 'gather':
      return withPlaces(edits, node, resize);
    case 'size':
      return withEntry(edits, node, { input: resize.input, at: resize.at, value: count(resize.units) });
  }
}

/** One entry of an input with stored integers is another; such an input may be changed twice. */
function withEntry(
  edits: Edits,
  node: OnnxNode,
  { input, at, value }: { input: number; at: number; value: number },
): OnnxNode {
  const name = node.input[input] ?? '';
  const values = storedInts({ constants: constantsWith(edits) }, name) ?? [];
  return withInts(edits, node, { input, values: values.with(at, value) });
}

/** The places that stay, counted among those of the axis that do. */
function withPlaces(
  edits: Edits,
  node: OnnxNode,
  { places, all }: Extract<Resize, { kind: 'gather' }>,
): OnnxNode {
  const before: number[] = [];
  let count = 0;
  for (const unit of all) {
    before.push(count);
    if (edits.stays(unit)) count += 1;
  }
  const values = places.filter((place) => edits.stays(all[place]!)).map((place) => before[place]!);
  return withInts(edits, node, { input: 1, values });
}

/** Of the same type, and a single number where it was one. */
function withInts(
  edits: Edits,
  node: OnnxNode,
  { input, values }: { input: number; values: readonly number[] },
): OnnxNode {
  const name = node.input[input] ?? '';
  const { dataType, dims } = constantsWith(edits).get(name)!;
  const shape = dims.length === 0 ? [] : [values.length];
  const other = edits.fresh(`${name}_cut`);
  edits.added.push(
    dataType === elementTypeNumbers.int32
      ? createTensor(other, { type: 'int32', shape, data: Int32Array.from(values) })
      : createTensor(other, { type: 'int64', shape, data: BigInt64Array.from(values, BigInt) }),
  );
  return changed(node, { input: node.input.with(input, other) });
}

function constantsWith({ walk, added }: Edits): ReadonlyMap<string, OnnxTensor> {
  return new Map([...walk.constants, ...added.map((tensor) => [tensor.name, tensor] as const)]);
}

/** Up to operator set 12 the sizes are an attribute, later an input; left out, or given as a number of parts, they are equal. */
function withParts(edits: Edits, node: OnnxNode, sizes: readonly number[]): OnnxNode {
  const parts = { opType: 'Split', name: node.name, outputs: node.output };
  const axis = { axis: { int: intOf(node, 'axis', 0) } };
  if (edits.walk.opset < 13)
    return createNode({ ...parts, inputs: node.input, attributes: { ...axis, split: { ints: sizes } } });
  const name = edits.fresh(`${node.output[0]}_sizes`);
  const data = BigInt64Array.from(sizes, BigInt);
  edits.added.push(createTensor(name, { type: 'int64', shape: [sizes.length], data }));
  return createNode({ ...parts, inputs: [node.input[0] ?? '', name], attributes: axis });
}

function withInt(node: OnnxNode, name: string, int: number): OnnxNode {
  const attribute = node.attribute.map((given) => (given.name === name ? changed(given, { i: int }) : given));
  return changed(node, { attribute });
}
