import { createRandom, type Random } from '../../../../core/random.ts';
import type { OnnxModel } from '../../../../models/onnx/model.ts';
import { draw, padded, type Drawing } from '../drawing.ts';

/** The end of a chain of operators: a value of 4 by 4 places. */
interface End {
  value: string;
  channels: number;
}

interface Draw extends Drawing {
  random: Random;
  /** A number of equal groups of some channels; 1 where there is none. */
  groupsOf: (channels: number) => number;
}

type Link = (draw: Draw, end: End) => End;

const axis = { axis: { int: 1 } };

/** What may be done to channels, one after the other in any order. */
const links: readonly Link[] = [
  ({ graph, weight }, { value, channels }) => ({
    value: graph.node('Conv', [value, weight(12, channels, 1, 1), weight(12)]),
    channels: 12,
  }),
  ({ graph, weight, groupsOf }, { value, channels }) => {
    const groups = groupsOf(channels);
    const kernels = [weight(channels, 2, 1, 1), weight(2 * groups)];
    const attributes = { group: { int: groups } };
    return { value: graph.node('ConvTranspose', [value, ...kernels], { attributes }), channels: 2 * groups };
  },
  ({ graph, weight, groupsOf }, { value, channels }) => {
    const groups = groupsOf(channels);
    const kernels = [weight(2 * groups, channels / groups, 1, 1), weight(2 * groups)];
    const attributes = { group: { int: groups } };
    return { value: graph.node('Conv', [value, ...kernels], { attributes }), channels: 2 * groups };
  },
  ({ graph, weight }, { value, channels }) => {
    const attributes = { ...padded.attributes, group: { int: channels } };
    return { value: graph.node('Conv', [value, weight(channels, 1, 3, 3)], { attributes }), channels };
  },
  ({ graph, weight, groupsOf }, { value, channels }) => {
    const attributes = { num_groups: { int: groupsOf(channels) } };
    const parameters = [weight(channels), weight(channels)];
    return { value: graph.node('GroupNormalization', [value, ...parameters], { attributes }), channels };
  },
  ({ graph, weight, sizes, groupsOf }, { value, channels }) => {
    const groups = groupsOf(channels);
    const rows = graph.node('Reshape', [value, sizes(0, groups, -1)]);
    const normal = graph.node('InstanceNormalization', [rows, weight(groups), weight(groups)]);
    return { value: graph.node('Reshape', [normal, graph.node('Shape', [value])]), channels };
  },
  ({ graph, sizes, groupsOf }, { value, channels }) => {
    const groups = groupsOf(channels);
    const rows = graph.node('Reshape', [value, sizes(-1, groups, channels / groups, 4, 4)]);
    const turned = graph.node('Transpose', [rows], { attributes: { perm: { ints: [0, 2, 1, 3, 4] } } });
    return { value: graph.node('Reshape', [turned, sizes(-1, channels, 4, 4)]), channels };
  },
  ({ graph, sizes, random }, { value, channels }) => {
    const start = random.below(Math.floor(channels / 2));
    return {
      value: graph.node('Slice', [value, sizes(start), sizes(-1), sizes(1)]),
      channels: channels - 1 - start,
    };
  },
  ({ graph, sizes, random }, { value, channels }) => {
    const places = Array.from({ length: channels }, () => random.below(2 * channels) - channels);
    return { value: graph.node('Gather', [value, sizes(...places)], { attributes: axis }), channels };
  },
  ({ graph, sizes, random }, { value, channels }) => {
    const first = 1 + random.below(channels - 1);
    const outputs = [`${value}_left`, `${value}_right`];
    graph.node('Split', [value, sizes(first, channels - first)], { outputs, attributes: axis });
    return { value: graph.node('Concat', outputs.toReversed(), { attributes: axis }), channels };
  },
  ({ graph, weight }, { value, channels }) => {
    const other = graph.node('Conv', [value, weight(channels, channels, 3, 3)], padded);
    return { value: graph.node('Add', [value, graph.node('Relu', [other])]), channels };
  },
];

/** A network of some of them, drawn by seed. */
export function randomChain(seed: number): OnnxModel {
  const random = createRandom(seed);
  const drawing = draw('chain');
  const { graph, weight } = drawing;
  const groupsOf = (channels: number): number => {
    const possible = [2, 3, 4, 6].filter((groups) => channels % groups === 0);
    return possible[random.below(possible.length)] ?? 1;
  };
  const x = graph.input('x', { type: 'float32', shape: ['batch', 2, 4, 4] });
  let end: End = { value: graph.node('Conv', [x, weight(24, 2, 3, 3), weight(24)], padded), channels: 24 };
  for (let link = 0; link < 6 && end.channels > 2; link++)
    end = links[random.below(links.length)]?.({ ...drawing, random, groupsOf }, end) ?? end;
  graph.node('Conv', [end.value, weight(3, end.channels, 1, 1)], { outputs: ['y'] });
  graph.output('y', { type: 'float32', shape: ['batch', 3, 4, 4] });
  return graph.model();
}
