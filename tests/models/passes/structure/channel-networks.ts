import type { OnnxModel } from '../../../../models/onnx/model.ts';
import { draw, padded } from './drawing.ts';

/** Networks whose channels are taken apart, put in another order or normalised in groups. */
export const channelNetworks: Readonly<Record<string, () => OnnxModel>> = {
  'channels taken by Slice': sliced,
  'channels taken by Gather': gathered,
};

const images = { type: 'float32', shape: ['batch', 2, 4, 4] } as const;
const maps = { type: 'float32', shape: ['batch', 3, 4, 4] } as const;
const channelAxis = { attributes: { axis: { int: 1 } } };

/** As in a cross stage partial block: one half goes through convolutions, the other past them. */
function sliced(): OnnxModel {
  const { graph, weight, sizes } = draw('slice');
  const x = graph.input('x', images);
  const whole = graph.node('Relu', [graph.node('Conv', [x, weight(16, 2, 3, 3), weight(16)], padded)]);
  const past = graph.node('Slice', [whole, sizes(0), sizes(6), sizes(1)]);
  const part = graph.node('Slice', [whole, sizes(0, -10), sizes(9, 2 ** 40), sizes(2, 1), sizes(1, 1)]);
  const inner = graph.node('Relu', [graph.node('Conv', [part, weight(12, 10, 1, 1), weight(12)])]);
  const sum = graph.node('Add', [part, graph.node('Conv', [inner, weight(10, 12, 3, 3)], padded)]);
  const joined = graph.node('Concat', [sum, past], channelAxis);
  graph.node('Conv', [joined, weight(3, 16, 1, 1), weight(3)], { outputs: ['y'] });
  graph.output('y', maps);
  return graph.model();
}

function gathered(): OnnxModel {
  const { graph, weight, sizes } = draw('gather');
  const x = graph.input('x', images);
  const whole = graph.node('Relu', [graph.node('Conv', [x, weight(12, 2, 3, 3), weight(12)], padded)]);
  // Some in another order, one of them twice, and not all.
  const taken = graph.node('Gather', [whole, sizes(11, 2, -6, 2, 0, 9, 4)], channelAxis);
  const first = graph.node('Conv', [graph.node('Tanh', [taken]), weight(3, 7, 1, 1), weight(3)]);
  const second = graph.node('Conv', [whole, weight(3, 12, 1, 1)]);
  graph.node('Add', [first, second], { outputs: ['y'] });
  graph.output('y', maps);
  return graph.model();
}
