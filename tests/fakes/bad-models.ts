import { buildGraph, type GraphBuilder } from '../../models/onnx/builder.ts';
import { encodeModel } from '../../models/onnx/write.ts';

/** Networks of one input `x` and one output `y`, both [batch, 9], each of which goes wrong in a way of its own. */
export const badModels = { dice, moody, slow } as const;

/** Puts out its input plus fresh noise. */
function dice(): Uint8Array {
  return modelOf((graph, x) => graph.node('RandomNormalLike', [x]));
}

/** Looks up one of nine values by a random index from 0 to 9: fails about every tenth run, at the same one each time. */
function moody(): Uint8Array {
  return modelOf((graph) => {
    const table = graph.initializer('table', { type: 'float32', shape: [9], data: new Float32Array(9) });
    const attributes = { shape: { ints: [1] }, high: { float: 10 }, seed: { float: 1 } };
    const drawn = graph.node('RandomUniform', [], { attributes });
    const index = graph.node('Cast', [graph.node('Floor', [drawn])], { attributes: { to: { int: 7 } } });
    return graph.node('Gather', [table, index]);
  });
}

/** Multiplies two matrices of 3500 by 3500: half a second where 2000 by 2000 take less than a tenth. */
function slow(): Uint8Array {
  return modelOf((graph, x) => {
    const size = { type: 'int64', shape: [2], data: BigInt64Array.of(3500n, 3500n) } as const;
    const total = graph.node('ReduceSum', [x], { attributes: { keepdims: { int: 0 } } });
    const matrix = graph.node('Expand', [total, graph.initializer('size', size)]);
    const product = graph.node('MatMul', [matrix, matrix]);
    return graph.node('ReduceSum', [product], { attributes: { keepdims: { int: 0 } } });
  });
}

function modelOf(addend: (graph: GraphBuilder, x: string) => string): Uint8Array {
  const graph = buildGraph('bad');
  const x = graph.input('x', { type: 'float32', shape: ['batch', 9] });
  graph.node('Add', [x, addend(graph, x)], { outputs: ['y'] });
  graph.output('y', { type: 'float32', shape: ['batch', 9] });
  return encodeModel(graph.model());
}
