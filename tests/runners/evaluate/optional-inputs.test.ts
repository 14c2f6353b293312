import { expect, test } from 'vitest';
import { buildGraph } from '../../../models/onnx/builder.ts';
import { encodeModel } from '../../../models/onnx/write.ts';
import { columnsInput, evaluate, valuesOf } from './evaluation.ts';

/** `x` by weights and a bias that are inputs with defaults, as old exporters wrote: y = 2 a - b + 0.5. */
function modelOfOptionalInputs(irVersion: number): Uint8Array {
  const graph = buildGraph('old');
  const bias = graph.input('bias', { type: 'float32', shape: [1] });
  const x = graph.input('x', { type: 'float32', shape: ['batch', 2] });
  const weights = graph.input('weights', { type: 'float32', shape: [2, 1] });
  graph.initializer('bias', { type: 'float32', shape: [1], data: Float32Array.of(0.5) });
  graph.initializer('weights', { type: 'float32', shape: [2, 1], data: Float32Array.of(2, -1) });
  graph.node('Gemm', [x, weights, bias], { outputs: ['y'] });
  graph.output('y', { type: 'float32', shape: ['batch', 1] });
  return encodeModel({ ...graph.model(), irVersion });
}

// Before version 4 every initializer had to be an input, too.
test.each([3, 10])(
  'inputs with an initializer take it as their default, in IR version %i',
  async (version) => {
    const result = await evaluate({
      data: 'a,b,y\n1,0,2.5\n0,1,-0.5\n3,2,5.5\n',
      manifest: { ...columnsInput('a', 'b'), target: { kind: 'value', column: 'y', unit: 'm' } },
      model: modelOfOptionalInputs(version),
      task: { kind: 'regression' },
      metrics: ['max-error'],
    });
    // 3 by 2 is 4.5 and not 5.5.
    expect(valuesOf(result)['max-error']).toBeCloseTo(1, 6);
  },
);
