import type { OnnxNode } from '../../onnx/model.ts';
import { createNode } from '../../onnx/node.ts';
import { axesOf, type AxisSize, type KnownSizes } from './axis-sizes.ts';
import { listedOf } from './listed-sizes.ts';
import { intsOf } from './walk.ts';

/**
 * The Transpose of the last two axes that a Reshape completes: newer exporters of PyTorch turn the keys of attention by joining samples and
 * heads, swapping the two axes that are left, and taking samples and heads apart again. Null where a Reshape does no such thing.
 */
export function swapOf(
  known: KnownSizes,
  makers: ReadonlyMap<string, OnnxNode>,
  apart: OnnxNode,
): OnnxNode | null {
  const swap = makers.get(apart.input[0] ?? '');
  const joined = makers.get(swap?.input[0] ?? '');
  if (swap?.opType !== 'Transpose' || joined?.opType !== 'Reshape') return null;
  const [value = ''] = joined.input;
  const axes = axesOf(known, value);
  const outer = axes.slice(0, -2);
  const [row, column] = axes.slice(-2);
  if (outer.length < 2 || row === undefined || column === undefined) return null;
  const order = intsOf(known, swap, { attribute: 'perm', input: 1 });
  const isSwap = order?.join() === '0,2,1';
  const isJoined = tells(known, joined, [-1, row, column]);
  if (!isSwap || !isJoined || !tells(known, apart, [...outer, column, row])) return null;
  const perm = [...outer.keys(), axes.length - 1, axes.length - 2];
  const { name, output } = apart;
  return createNode({
    ...{ opType: 'Transpose', name, inputs: [value], outputs: output },
    attributes: { perm: { ints: perm } },
  });
}

/** Whether a Reshape is told these sizes, of which one may be left to be reckoned. */
function tells(known: KnownSizes, { input }: OnnxNode, sizes: readonly AxisSize[]): boolean {
  const told = listedOf(known, input[1] ?? '');
  if (told?.length !== sizes.length) return false;
  const reckoned = told.filter((size) => size === -1).length;
  return reckoned < 2 && told.every((size, axis) => size === sizes[axis] || size === -1);
}
