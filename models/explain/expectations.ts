import type { DeviceKind } from '../passes/pass.ts';
import type { PassName } from '../passes/registry.ts';
import type { WorkKind } from './work.ts';

/** Times as fast as float32, from the least to the most that was seen. */
export interface RatioRange {
  low: number;
  high: number;
}

/** Where a figure is from, and what that makes of it. */
interface Source {
  basis: 'measured' | 'published' | 'inferred';
  text: string;
}

/** What a pass does to the time of one kind of node on one kind of device. */
export interface Expectation extends Source {
  passes: readonly PassName[];
  devices: readonly DeviceKind[];
  /** Whether the CPU has an integer dot product; either where left out. */
  dotProduct?: boolean;
  kinds: readonly WorkKind[];
  rows?: 'few' | 'many';
  /** What activations become; either where left out. */
  activations?: 'uint8' | 'int8';
  /** Of the node in float32; of several expectations that fit, the one with the highest bound counts. */
  leastMultiplyAdds: number;
  /** Ratio to float32 of the node itself, or what is gained for each time that the weights are fewer, 1 being all of it. */
  effect: { kind: 'ratio'; ratio: RatioRange } | { kind: 'gain'; gain: RatioRange };
}

/** From so many rows on a product computes more than it reads. */
export const manyRows = 16;

const stacks: Source = {
  basis: 'measured',
  text: 'stacks of four layers, one thread, AVX-512 VNNI (bench/explain/kernels.ts)',
};
const signedActivations: Source = {
  basis: 'measured',
  text: 'stacks of four layers 3.0 to 3.7 times; 1.1 and 1.3 in residual networks, whose sums stay in float32 (bench/passes/architectures.ts)',
};
const noVnni: Source = {
  basis: 'published',
  text: 'microsoft/onnxruntime issue 17389: 15.2 against 15.8 ms without VNNI',
};
const noVnniProducts: Source = {
  basis: 'inferred',
  text: 'the kernels work in 16-bit sums without an integer dot product',
};
const noKernels: Source = {
  basis: 'inferred',
  text: 'the provider has no kernels for integer products: nodes run on the CPU, with copies',
};
const halfOnGpu: Source = {
  basis: 'published',
  text: 'arXiv 2603.28708: 1.84 to 2.00 times with TensorRT on an A100, not this provider',
};
const fewBitsOnGpu: Source = {
  basis: 'published',
  text: 'onnxruntime/mobius issue 346: 153.5 against 148.0 tokens a second of float16 on an H200',
};
const sameProducts: Source = {
  basis: 'inferred',
  text: 'the products stay the same; at most a multiplication is added before one',
};
const denseKernels: Source = { basis: 'inferred', text: 'no kernel of ONNX Runtime skips zeros' };

const ratio = (low: number, high: number): Expectation['effect'] => ({ kind: 'ratio', ratio: { low, high } });
const gain = (low: number, high: number): Expectation['effect'] => ({ kind: 'gain', gain: { low, high } });

const structured: readonly PassName[] = ['prune-channels', 'prune-heads', 'prune-neurons'];
const zeroing: readonly PassName[] = ['prune-magnitude', 'prune-n-m', 'prune-scored'];
const everyKind: readonly WorkKind[] = ['convolution', 'depthwise convolution', 'product'];
const gpus: readonly DeviceKind[] = ['cuda', 'webgpu'];
const onVnni = { devices: ['cpu'], dotProduct: true, ...stacks } as const;
const fewRows = { kinds: ['product'], rows: 'few' } as const;
const many = { kinds: ['product'], rows: 'many' } as const;

/** What each pass did to the time of single kinds of nodes; `expect.ts` adds them up for a model. */
export const expectations: readonly Expectation[] = [
  { passes: ['quantize-dynamic'], ...onVnni, ...fewRows, leastMultiplyAdds: 0, effect: ratio(0.5, 0.8) },
  { passes: ['quantize-dynamic'], ...onVnni, ...fewRows, leastMultiplyAdds: 5e4, effect: ratio(0.8, 1.5) },
  { passes: ['quantize-dynamic'], ...onVnni, ...fewRows, leastMultiplyAdds: 2e5, effect: ratio(1.4, 5) },
  { passes: ['quantize-dynamic'], ...onVnni, ...many, leastMultiplyAdds: 0, effect: ratio(0.3, 1) },
  { passes: ['quantize-dynamic'], ...onVnni, ...many, leastMultiplyAdds: 2.5e5, effect: ratio(1, 2.5) },
  { passes: ['quantize-dynamic'], ...onVnni, ...many, leastMultiplyAdds: 2e6, effect: ratio(2, 5) },

  { passes: ['quantize-static'], ...onVnni, ...fewRows, leastMultiplyAdds: 0, effect: ratio(0.5, 0.9) },
  { passes: ['quantize-static'], ...onVnni, ...fewRows, leastMultiplyAdds: 5e4, effect: ratio(0.9, 1.8) },
  { passes: ['quantize-static'], ...onVnni, ...fewRows, leastMultiplyAdds: 2e5, effect: ratio(1.4, 6.5) },
  { passes: ['quantize-static'], ...onVnni, ...many, leastMultiplyAdds: 0, effect: ratio(0.5, 1.1) },
  { passes: ['quantize-static'], ...onVnni, ...many, leastMultiplyAdds: 2.5e5, effect: ratio(1.1, 2.6) },
  { passes: ['quantize-static'], ...onVnni, ...many, leastMultiplyAdds: 2e6, effect: ratio(2.3, 5.5) },
  {
    passes: ['quantize-static'],
    ...onVnni,
    kinds: ['convolution'],
    activations: 'uint8',
    leastMultiplyAdds: 0,
    effect: ratio(1.5, 4.5),
  },
  {
    passes: ['quantize-static'],
    ...onVnni,
    kinds: ['convolution'],
    activations: 'int8',
    leastMultiplyAdds: 0,
    effect: ratio(1, 4),
    ...signedActivations,
  },
  {
    passes: ['quantize-static'],
    ...onVnni,
    kinds: ['depthwise convolution'],
    leastMultiplyAdds: 0,
    effect: ratio(0.6, 2.6),
  },

  { passes: ['quantize-weights'], ...onVnni, ...fewRows, leastMultiplyAdds: 0, effect: ratio(0.4, 0.8) },
  { passes: ['quantize-weights'], ...onVnni, ...fewRows, leastMultiplyAdds: 5e4, effect: ratio(0.9, 1.8) },
  { passes: ['quantize-weights'], ...onVnni, ...fewRows, leastMultiplyAdds: 2e5, effect: ratio(1.6, 14) },
  { passes: ['quantize-weights'], ...onVnni, ...many, leastMultiplyAdds: 0, effect: ratio(0.2, 0.8) },
  { passes: ['quantize-weights'], ...onVnni, ...many, leastMultiplyAdds: 2e6, effect: ratio(0.6, 2.8) },

  {
    passes: ['quantize-dynamic', 'quantize-static'],
    devices: ['cpu'],
    dotProduct: false,
    kinds: ['product'],
    leastMultiplyAdds: 0,
    effect: ratio(0.5, 1),
    ...noVnniProducts,
  },
  {
    passes: ['quantize-dynamic', 'quantize-static'],
    devices: ['cpu'],
    dotProduct: false,
    kinds: ['product'],
    leastMultiplyAdds: 2.5e5,
    effect: ratio(1, 2),
    ...noVnniProducts,
  },
  {
    passes: ['quantize-static'],
    devices: ['cpu'],
    dotProduct: false,
    kinds: ['convolution', 'depthwise convolution'],
    leastMultiplyAdds: 0,
    effect: ratio(0.8, 1.3),
    ...noVnni,
  },
  {
    passes: ['quantize-dynamic', 'quantize-static'],
    devices: gpus,
    kinds: everyKind,
    leastMultiplyAdds: 0,
    effect: ratio(0.1, 0.9),
    ...noKernels,
  },
  {
    passes: ['quantize-weights'],
    devices: ['cuda'],
    kinds: ['product'],
    leastMultiplyAdds: 2e5,
    effect: ratio(1, 2),
    ...fewBitsOnGpu,
  },

  {
    passes: ['convert-fp16'],
    devices: ['cpu'],
    kinds: everyKind,
    leastMultiplyAdds: 0,
    effect: ratio(0.5, 1.1),
    ...stacks,
  },
  {
    passes: ['convert-fp16'],
    devices: ['cuda'],
    kinds: everyKind,
    leastMultiplyAdds: 0,
    effect: ratio(1, 2),
    ...halfOnGpu,
  },

  {
    passes: zeroing,
    devices: ['cpu'],
    kinds: everyKind,
    leastMultiplyAdds: 0,
    effect: ratio(0.9, 1.1),
    ...stacks,
  },
  {
    passes: zeroing,
    devices: gpus,
    kinds: everyKind,
    leastMultiplyAdds: 0,
    effect: ratio(0.9, 1.1),
    ...denseKernels,
  },

  {
    passes: ['smooth-quant'],
    devices: ['cpu', ...gpus],
    kinds: everyKind,
    leastMultiplyAdds: 0,
    effect: ratio(0.9, 1),
    ...sameProducts,
  },

  {
    passes: structured,
    devices: ['cpu'],
    kinds: everyKind,
    leastMultiplyAdds: 0,
    effect: gain(-0.1, 0.6),
    ...stacks,
  },
  {
    passes: structured,
    devices: ['cpu'],
    kinds: everyKind,
    leastMultiplyAdds: 2e5,
    effect: gain(0.4, 2.3),
    ...stacks,
  },
];
