import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createRandom } from '../../../core/random.ts';
import { countUses, freshNames, sortNodes, withoutUnused } from '../../../models/onnx/graph.ts';
import type { OnnxGraph, OnnxNode } from '../../../models/onnx/model.ts';
import { buildGraph } from '../../../models/onnx/builder.ts';
import { createNode } from '../../../models/onnx/node.ts';
import { onnx } from '../../../models/onnx/proto/onnx.js';

test('sorted nodes come after all they need, whatever the order was', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 30 }), fc.nat(), (count, seed) => {
      const sorted = sortNodes(createRandom(seed).shuffle(randomNodes(count, seed)));
      const seen = new Set<string>(['x']);
      for (const node of sorted) {
        expect(node.input.every((name) => seen.has(name))).toBe(true);
        for (const name of node.output) seen.add(name);
      }
      expect(sorted).toHaveLength(count);
    }),
    { seed: 9, numRuns: 100 },
  );
});

test('nodes that can run in their order keep it', () => {
  const nodes = randomNodes(40, 1);
  expect(sortNodes(nodes)).toEqual(nodes);
});

test('a chain longer than the call stack is sorted', () => {
  const chain = Array.from({ length: 20_000 }, (_, index) => relu(`v${index}`, `v${index + 1}`));
  expect(sortNodes(chain.toReversed())).toEqual(chain);
});

test('a cycle is refused, naming a node of it', () => {
  expect(() => sortNodes([relu('a', 'b'), relu('b', 'a')])).toThrow(
    expect.objectContaining({
      code: 'model-invalid',
      message: 'The graph has a cycle: the Relu node making "a" needs its own result.',
      hint: 'Export the model again; what goes round is a Loop or Scan node in ONNX.',
    }),
  );
});

test('a value that two nodes make is refused, naming both, and not told as a cycle', () => {
  const second = createNode({ opType: 'Abs', inputs: ['b'], outputs: ['b'], name: 'second' });
  expect(() => sortNodes([relu('a', 'b'), second])).toThrow(
    expect.objectContaining({
      code: 'model-invalid',
      message: 'The graph makes the value "b" twice: by the Relu node and by the Abs node "second".',
      hint: 'Export the model again: in ONNX a value is made by one node.',
    }),
  );
});

test('outputs that are left out are no value that is made twice', () => {
  const nodes = ['p', 'q'].map((name) =>
    createNode({ opType: 'Dropout', inputs: ['a'], outputs: [name, ''], name }),
  );
  expect(sortNodes(nodes)).toEqual(nodes);
});

test('a node waits for what its branches take from outside, and not for names of their own', () => {
  const branch = graphOf([relu('outer', 'y')], 'y');
  const choose = conditional(branch, 'y');
  const makesOuter = relu('x', 'outer');
  expect(sortNodes([choose, makesOuter])).toEqual([makesOuter, choose]);
  const uses = countUses(graphOf([choose], 'y'));
  expect([uses.get('outer'), uses.get('condition'), uses.get('y')]).toEqual([1, 1, 1]);
});

test('a fresh name is the wanted one, or numbered where a value, a node or a branch has it', () => {
  const fresh = freshNames(graphOf([conditional(graphOf([relu('outer', 'inner')], 'inner'), 'y')], 'y'));
  expect(['free', 'free', 'y', 'inner', 'choice'].map(fresh)).toEqual([
    'free',
    'free_2',
    'y_2',
    'inner_2',
    'choice_2',
  ]);
});

test('an initializer nothing needs goes, with its entry among the inputs', () => {
  const builder = buildGraph('old');
  for (const name of ['used', 'unused', 'kept']) {
    builder.initializer(name, { type: 'float32', shape: [1], data: new Float32Array(1) });
    builder.input(name, { type: 'float32', shape: [1] });
  }
  builder.node('Relu', ['used'], { outputs: ['y'] });
  builder.output('y', { type: 'float32', shape: [1] });
  const graph = withoutUnused(builder.model().graph, new Set(['used', 'unused']));
  expect(graph.initializer.map(({ name }) => name)).toEqual(['used', 'kept']);
  expect(graph.input.map(({ name }) => name)).toEqual(['used', 'kept']);
});

function relu(input: string, output: string): OnnxNode {
  return createNode({ opType: 'Relu', inputs: [input], outputs: [output], name: '' });
}

/** Nodes in an order they can run in, each with one to three earlier values as inputs. */
function randomNodes(count: number, seed: number): OnnxNode[] {
  const random = createRandom(seed);
  return Array.from({ length: count }, (_, index) => {
    const inputs = Array.from({ length: 1 + random.below(3) }, () => {
      const earlier = random.below(index + 1);
      return earlier === 0 ? 'x' : `v${earlier - 1}`;
    });
    return createNode({ opType: 'Sum', inputs, outputs: [`v${index}`], name: `n${index}` });
  });
}

function graphOf(nodes: OnnxNode[], output: string): OnnxGraph {
  return onnx.GraphProto.create({ name: 'g', node: nodes, output: [{ name: output }] }) as OnnxGraph;
}

function conditional(branch: OnnxGraph, output: string): OnnxNode {
  const node = createNode({ opType: 'If', inputs: ['condition'], outputs: [output], name: 'choice' });
  const attribute = onnx.AttributeProto.create({ name: 'then_branch', type: 5, g: branch });
  return Object.assign(node, { attribute: [attribute] });
}
