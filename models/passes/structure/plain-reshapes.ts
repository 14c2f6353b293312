import { elementTypeNumbers } from '../../onnx/element-type.ts';
import { countUses, freshNames, makersOf, nodesOf, type FreshName } from '../../onnx/graph.ts';
import { inferValues } from '../../onnx/infer.ts';
import { changed, type OnnxModel, type OnnxNode, type OnnxTensor, type ValueInfo } from '../../onnx/model.ts';
import { onnx } from '../../onnx/proto/onnx.js';
import { createTensor } from '../../onnx/tensor.ts';
import { axesOf, hasEmptyAxes, knownSizes, type KnownSizes } from './axis-sizes.ts';
import { listedOf } from './listed-sizes.ts';
import { swapOf } from './swapped-axes.ts';

/** Stands for a size that is copied from what is reshaped, and for one that is reckoned from what is left. */
const [copied, reckoned] = [0, -1];

interface Edits {
  known: KnownSizes;
  makers: ReadonlyMap<string, OnnxNode>;
  uses: ReadonlyMap<string, number>;
  fresh: FreshName;
  added: OnnxTensor[];
}

/**
 * The model with stored sizes for each Reshape that is told stored and computed ones together, where the computed ones follow: exporters
 * write the numbers of samples and tokens so. Axes that are swapped by way of others are swapped by one Transpose. What else is known of sizes is noted, as ONNX Runtime infers none where any is computed.
 */
export async function withPlainReshapes(model: OnnxModel): Promise<OnnxModel> {
  const { graph } = model;
  const makers = makersOf(graph.node);
  const isJoined = ({ input: [, shape = ''] }: OnnxNode): boolean => makers.get(shape)?.opType === 'Concat';
  const joined = nodesOf(graph, ['Reshape']).filter(isJoined);
  if (joined.length === 0) return model;
  const known = knownSizes(graph, await inferValues(model));
  const edits: Edits = { known, makers, uses: countUses(graph), fresh: freshNames(graph), added: [] };
  const plain = new Map(joined.map((node) => [node, plainForm(edits, node)]));
  const hints = hintsOf(known);
  const hinted = new Set(hints.map(({ name }) => name));
  return changed(model, {
    graph: changed(graph, {
      node: graph.node.flatMap((node) => plain.get(node) ?? [node]),
      initializer: [...graph.initializer, ...edits.added],
      valueInfo: [...graph.valueInfo.filter(({ name }) => !hinted.has(name)), ...hints],
    }),
  });
}

/** With a node that joins its sizes, where they stay computed in part. */
function plainForm(edits: Edits, node: OnnxNode): OnnxNode[] {
  const swap = swapOf(edits.known, edits.makers, node);
  if (swap !== null) return [swap];
  const sizes = plainSizes(edits.known, node);
  if (sizes === null) return withOwnSizes(edits, node);
  const attribute = node.attribute.filter(({ name }) => name !== 'allowzero');
  return [changed(node, { attribute, input: node.input.with(1, stored(edits, node, sizes)) })];
}

function stored({ added, fresh }: Edits, { input }: OnnxNode, sizes: readonly number[]): string {
  const name = fresh(`${input[1] ?? ''}_plain`);
  const data = BigInt64Array.from(sizes, BigInt);
  added.push(createTensor(name, { type: 'int64', shape: [data.length], data }));
  return name;
}

/** Null where they cannot all be stored. */
function plainSizes(known: KnownSizes, node: OnnxNode): number[] | null {
  const [data, shape = ''] = node.input;
  const axes = axesOf(known, data);
  const told = listedOf(known, shape);
  if (told?.includes(0) === true && hasEmptyAxes(node)) return null;
  const sizes = told?.map((size, axis) =>
    typeof size === 'number' ? size : size === axes[axis] ? copied : null,
  );
  const computed = sizes?.filter((size) => size === null).length ?? Infinity;
  const isLeft = computed === 1 && sizes?.includes(reckoned) === false;
  return computed === 0 || isLeft ? (sizes?.map((size) => size ?? reckoned) ?? null) : null;
}

/** Each Reshape has sizes of its own, which can become smaller. */
function withOwnSizes({ makers, uses, fresh }: Edits, node: OnnxNode): OnnxNode[] {
  const [, shape = ''] = node.input;
  if (uses.get(shape) === 1) return [node];
  const joined = makers.get(shape)!;
  const [name, own] = [fresh(joined.name), fresh(shape)];
  return [changed(joined, { name, output: [own] }), changed(node, { input: node.input.with(1, own) })];
}

/** Sizes that ONNX Runtime does not infer. */
function hintsOf({ values, axes }: KnownSizes): ValueInfo[] {
  return [...values].flatMap(([name, { type, shape }]) => {
    const sizes = axes.get(name) ?? [];
    const isMore = shape.some((size, axis) => size === null && typeof sizes[axis] === 'number');
    const elemType = Object.entries(elementTypeNumbers).find(([one]) => one === type)?.[1];
    if (!isMore || elemType === undefined) return [];
    const dim = sizes.map((size) => (typeof size === 'number' ? { dimValue: size } : {}));
    return [
      onnx.ValueInfoProto.create({ name, type: { tensorType: { elemType, shape: { dim } } } }) as ValueInfo,
    ];
  });
}
