import * as z from 'zod';
import { AssayError } from '../../core/errors.ts';
import { hashOf } from '../../core/hash.ts';
import { makersOf } from '../onnx/graph.ts';
import type { OnnxGraph, OnnxModel, OnnxNode } from '../onnx/model.ts';
import { labelOf } from '../onnx/node.ts';
import { scopesOf } from '../onnx/scopes.ts';
import type { PassParameters } from './pass.ts';

/** Labels of nodes a pass leaves as they are, besides those it must. */
export const leftOutSchema = z.array(z.string().min(1)).readonly().default([]);

/** Why such a node stays as it is, after its count. */
export const leftOutObstacle = 'left out by name';

/** The end of a variant name for the nodes its pass leaves out: names of nodes are too long and too free to stand there. */
export function leftOutSuffix({ leftOut }: PassParameters): string {
  if (!Array.isArray(leftOut) || leftOut.length === 0) return '';
  return `-except-nodes-${hashOf(leftOut.toSorted()).slice(0, 8)}`;
}

/** Whether a part of a variant name leaves nodes out whose labels it does not hold. */
export function hasLeftOutSuffix(part: string): boolean {
  return /-except-nodes-[0-9a-f]{8}$/.test(part);
}

/** The nodes of these labels. Throws `variant-invalid` where the model has none of a label. */
export function leftOutNodes(model: OnnxModel, labels: readonly string[]): ReadonlySet<OnnxNode> {
  const nodes = scopesOf(model.graph).flatMap(({ graph }) => graph.node);
  const known = new Set(nodes.map(labelOf));
  const missing = labels.find((label) => !known.has(label));
  if (missing === undefined) return new Set(nodes.filter((node) => labels.includes(labelOf(node))));
  throw new AssayError(
    'variant-invalid',
    `The model has no node ${JSON.stringify(missing)} to leave as it is.`,
    {
      hint: `A node goes by its name, or by its first output where it has none. The model has, for one, ${JSON.stringify([...known][0] ?? '')}.`,
    },
  );
}

/**
 * The nodes of a folded graph that compute what some nodes of its source did: those between whose inputs and outputs they lay.
 * Values keep their names when a graph is folded, nodes may not.
 */
export function foldedForms(
  nodes: ReadonlySet<OnnxNode>,
  source: OnnxGraph,
  folded: OnnxGraph,
): ReadonlySet<OnnxNode> {
  if (nodes.size === 0) return nodes;
  const makers = makersOf(source.node);
  const stand = new Set(folded.node.flatMap(({ output }) => output));
  return new Set(folded.node.filter((node) => behind(node, makers, stand).some((one) => nodes.has(one))));
}

/** The nodes of the source a folded node stands for. */
function behind(
  { output }: OnnxNode,
  makers: ReadonlyMap<string, OnnxNode>,
  stand: ReadonlySet<string>,
): OnnxNode[] {
  const found = new Set<OnnxNode>();
  const open = [...output];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const maker = makers.get(name);
    if (maker === undefined || found.has(maker)) continue;
    found.add(maker);
    open.push(...maker.input.filter((input) => !stand.has(input)));
  }
  return [...found];
}
