import { freshNames, subgraphsOf, type FreshName } from './graph.ts';
import {
  changed,
  numberOf,
  type OnnxFunction,
  type OnnxGraph,
  type OnnxModel,
  type OnnxNode,
} from './model.ts';
import { labelOf } from './node.ts';
import { withNames } from './rename.ts';

/** What passes look for: functions without one are of no concern to them. */
const products = ['Conv', 'ConvTranspose', 'Gemm', 'MatMul'];

/**
 * The model with the nodes of its functions in the place of their calls where a function, or one that it calls, holds a product; nodes get the name of the call before theirs. A function of other operator sets than the model's, or with graphs inside its nodes,
 * is called as before. No function may come to call itself.
 */
export function withInlinedProducts(model: OnnxModel): OnnxModel {
  const functions = new Map(model.functions.map((one) => [keyOf(one.domain, one.name, one.overload), one]));
  const holding = model.functions.filter((one) => holds(one, functions));
  const inlined = new Set(holding.filter((one) => isInlinable(one, model)));
  if (inlined.size === 0) return model;
  const task: Inlining = { functions, inlined, fresh: freshNames(model.graph) };
  const graph = inlineGraph(model.graph, task);
  return changed(model, { graph, functions: remaining(model.functions, task) });
}

type Functions = ReadonlyMap<string, OnnxFunction>;

interface Inlining {
  functions: Functions;
  inlined: ReadonlySet<OnnxFunction>;
  fresh: FreshName;
}

function keyOf(domain: string, name: string, overload: string): string {
  return JSON.stringify([domain, name, overload]);
}

function calledBy({ domain, opType, overload }: OnnxNode, functions: Functions): OnnxFunction | undefined {
  return functions.get(keyOf(domain, opType, overload));
}

function holds({ node }: OnnxFunction, functions: Functions): boolean {
  return node.flatMap(withInner).some((one) => {
    const called = calledBy(one, functions);
    const isOne = one.domain === '' && products.includes(one.opType);
    return isOne || (called !== undefined && holds(called, functions));
  });
}

function withInner(node: OnnxNode): OnnxNode[] {
  return [node, ...subgraphsOf(node).flatMap((graph) => graph.node.flatMap(withInner))];
}

/** What a graph inside a node calls its own values could be what the model calls others. */
function isInlinable(
  { node, input = [], output = [], opsetImport = [] }: OnnxFunction,
  model: OnnxModel,
): boolean {
  const sets = new Map(model.opsetImport.map(({ domain, version }) => [domain, numberOf(version)]));
  const made = new Set(node.flatMap((one) => one.output));
  return (
    opsetImport.every(({ domain, version }) => sets.get(domain) === numberOf(version)) &&
    output.every((name) => made.has(name) && !input.includes(name)) &&
    node.every((one) => subgraphsOf(one).length === 0)
  );
}

function inlineGraph(graph: OnnxGraph, task: Inlining): OnnxGraph {
  return changed(graph, { node: graph.node.flatMap((node) => inlineNode(node, task)) });
}

function inlineNode(node: OnnxNode, task: Inlining): OnnxNode[] {
  const called = calledBy(node, task.functions);
  if (called !== undefined && task.inlined.has(called))
    return bodyOf(called, node, task.fresh).flatMap((one) => inlineNode(one, task));
  if (subgraphsOf(node).length === 0) return [node];
  const attribute = node.attribute.map((one) =>
    changed(one, {
      g: one.g === null ? null : inlineGraph(one.g, task),
      graphs: one.graphs.map((graph) => inlineGraph(graph, task)),
    }),
  );
  return [changed(node, { attribute })];
}

/** The nodes of a function for one call of it. */
function bodyOf(
  { node, input = [], output = [], attributeProto = [] }: OnnxFunction,
  call: OnnxNode,
  fresh: FreshName,
): OnnxNode[] {
  const names = new Map<string, string>();
  for (const [at, name] of input.entries()) names.set(name, call.input[at] ?? '');
  for (const [at, name] of output.entries()) if (call.output[at]) names.set(name, call.output[at]);
  const within = (name: string): string => fresh(`${labelOf(call)}/${name}`);
  const renamed = (name: string): string => {
    const known = names.get(name) ?? within(name);
    names.set(name, known);
    return known;
  };
  const given = new Map([...attributeProto, ...call.attribute].map((one) => [one.name, one]));
  return node.map((one) => {
    const attribute = one.attribute.flatMap((own) => resolved(own, given));
    const name = within(one.name === '' ? one.opType : one.name);
    return withNames(changed(one, { name, attribute }), renamed);
  });
}

type Attribute = OnnxNode['attribute'][number];

/** An attribute of the call, or the function's default of it, where a node refers to one; none where neither gives it. */
function resolved(own: Attribute, given: ReadonlyMap<string, Attribute>): Attribute[] {
  const { name, refAttrName = '' } = own;
  if (refAttrName === '') return [own];
  const found = given.get(refAttrName);
  return found === undefined ? [] : [changed(found, { name })];
}

/** Without those that were inlined and that no other one calls. */
function remaining(all: readonly OnnxFunction[], { functions, inlined }: Inlining): OnnxFunction[] {
  const kept = new Set(all.filter((one) => !inlined.has(one)));
  for (const { node } of kept) {
    const called = node.flatMap(withInner).flatMap((one) => calledBy(one, functions) ?? []);
    for (const one of called) kept.add(one);
  }
  return all.filter((one) => kept.has(one));
}
