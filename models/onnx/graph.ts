import { AssayError } from '../../core/errors.ts';
import { changed, type OnnxGraph, type OnnxNode } from './model.ts';

/** Nodes of the graph with an ONNX operator of the given names. */
export function nodesOf({ node }: OnnxGraph, operators: readonly string[]): OnnxNode[] {
  return node.filter(({ domain, opType }) => domain === '' && operators.includes(opType));
}

/** The node that makes each value. */
export function makersOf(nodes: readonly OnnxNode[]): ReadonlyMap<string, OnnxNode> {
  return new Map(nodes.flatMap((node) => node.output.map((name) => [name, node] as const)));
}

/** The nodes that have each value among their inputs, once for each time. */
export function readersOf(nodes: readonly OnnxNode[]): ReadonlyMap<string, readonly OnnxNode[]> {
  const readers = new Map<string, OnnxNode[]>();
  for (const node of nodes) {
    for (const name of node.input) {
      const known = readers.get(name);
      if (known === undefined) readers.set(name, [node]);
      else known.push(node);
    }
  }
  return readers;
}

/** The graphs inside a node: the branches of an If, the body of a Loop. */
export function subgraphsOf(node: OnnxNode): OnnxGraph[] {
  return node.attribute
    .flatMap((attribute) => [attribute.g, ...attribute.graphs])
    .filter((graph) => graph !== null);
}

/** Names of the values a node needs, those its subgraphs take from outside included. */
export function valuesReadBy(node: OnnxNode): string[] {
  return [...node.input.filter((name) => name !== ''), ...capturedValues(node)];
}

/** Names of the values the graphs inside a node take from outside. */
export function capturedValues(node: OnnxNode): string[] {
  return subgraphsOf(node).flatMap(capturedBy);
}

function capturedBy(graph: OnnxGraph): string[] {
  const own = new Set([
    ...[...graph.input, ...graph.initializer].map(({ name }) => name),
    ...graph.node.flatMap((node) => node.output),
  ]);
  const read = [...graph.node.flatMap(valuesReadBy), ...graph.output.map(({ name }) => name)];
  return read.filter((name) => !own.has(name));
}

/** How often each value is needed, by nodes or as an output of the graph. */
export function countUses(graph: OnnxGraph): ReadonlyMap<string, number> {
  const uses = new Map<string, number>();
  const read = [...graph.node.flatMap(valuesReadBy), ...graph.output.map((output) => output.name)];
  for (const name of read) uses.set(name, (uses.get(name) ?? 0) + 1);
  return uses;
}

/** Gives names that no value or node of the graph has. */
export type FreshName = (wanted: string) => string;

/** A source of unused names: the wanted one where it is free, else with a number. */
export function freshNames(graph: OnnxGraph): FreshName {
  const taken = new Set(namesIn(graph));
  return (wanted) => {
    let name = wanted;
    for (let number = 2; taken.has(name); number++) name = `${wanted}_${number}`;
    taken.add(name);
    return name;
  };
}

function namesIn(graph: OnnxGraph): string[] {
  const sparse = graph.sparseInitializer.flatMap(({ values }) => values ?? []);
  const values = [...graph.input, ...graph.initializer, ...sparse, ...graph.valueInfo].map(
    ({ name }) => name,
  );
  const nodes = graph.node.flatMap((node) => [
    node.name,
    ...node.output,
    ...subgraphsOf(node).flatMap(namesIn),
  ]);
  return [...values, ...nodes];
}

/** The graph without initializers nothing needs, where `names` lists the ones that may go. */
export function withoutUnused(graph: OnnxGraph, names: ReadonlySet<string>): OnnxGraph {
  const uses = countUses(graph);
  const stays = ({ name }: { name: string }): boolean => !names.has(name) || uses.has(name);
  return changed(graph, {
    initializer: graph.initializer.filter(stays),
    // Files before IR 4 list every initializer among the inputs.
    input: graph.input.filter(stays),
    valueInfo: graph.valueInfo.filter(stays),
  });
}

/** The nodes and stored tensors that some values depend on. */
export function neededPart(graph: OnnxGraph, values: readonly string[]): OnnxGraph {
  const needed = new Set(values);
  const kept = sortNodes(graph.node)
    .toReversed()
    .filter((node) => {
      const isNeeded = node.output.some((name) => needed.has(name));
      if (isNeeded) for (const name of valuesReadBy(node)) needed.add(name);
      return isNeeded;
    });
  const part = changed(graph, { node: kept.toReversed(), output: [] });
  return withoutUnused(part, new Set(graph.initializer.map(({ name }) => name)));
}

/**
 * Nodes in an order they can run in, the given one where it already is (ONNX Runtime takes any order, the format does not).
 * Throws `model-invalid` where a node needs its own result, or two nodes make the same value.
 */
export function sortNodes(nodes: readonly OnnxNode[]): OnnxNode[] {
  const makers = makersOf(nodes);
  requireOneMaker(nodes, makers);
  const needs = (node: OnnxNode): OnnxNode[] => valuesReadBy(node).flatMap((name) => makers.get(name) ?? []);
  const sorted = new Set<OnnxNode>();
  for (const node of nodes) visit(node, { needs, sorted });
  return [...sorted];
}

function requireOneMaker(nodes: readonly OnnxNode[], makers: ReadonlyMap<string, OnnxNode>): void {
  for (const node of nodes) {
    const twice = node.output.find((name) => name !== '' && makers.get(name) !== node);
    const other = makers.get(twice ?? '');
    if (twice !== undefined && other !== undefined) throw madeTwice(twice, [node, other]);
  }
}

function madeTwice(value: string, makers: readonly OnnxNode[]): AssayError {
  const named = makers.map(({ opType, name }) => `${opType} node${name === '' ? '' : ` "${name}"`}`);
  return new AssayError(
    'model-invalid',
    `The graph makes the value "${value}" twice: by the ${named.join(' and by the ')}.`,
    { hint: 'Export the model again: in ONNX a value is made by one node.' },
  );
}

interface Sorting {
  needs: (node: OnnxNode) => OnnxNode[];
  sorted: Set<OnnxNode>;
}

/** Depth first with a stack of its own: a chain of nodes can be longer than the call stack. */
function visit(root: OnnxNode, { needs, sorted }: Sorting): void {
  const open = new Set<OnnxNode>();
  const stack = [root];
  for (let node = stack.at(-1); node !== undefined; node = stack.at(-1)) {
    const waiting = sorted.has(node) ? [] : needs(node).filter((needed) => !sorted.has(needed));
    if (waiting.length === 0) {
      sorted.add(node);
      open.delete(node);
      stack.pop();
      continue;
    }
    open.add(node);
    if (waiting.some((needed) => open.has(needed))) throw cyclic(node);
    stack.push(...waiting);
  }
}

function cyclic(node: OnnxNode): AssayError {
  const name = node.name === '' ? `making "${node.output[0] ?? ''}"` : `"${node.name}"`;
  return new AssayError(
    'model-invalid',
    `The graph has a cycle: the ${node.opType} node ${name} needs its own result.`,
    { hint: 'Export the model again; what goes round is a Loop or Scan node in ONNX.' },
  );
}
