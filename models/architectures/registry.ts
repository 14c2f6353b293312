import { createRandom, type Random } from '../../core/random.ts';
import { elementCount, type Tensor, type Tensors } from '../../core/tensor.ts';
import type { OnnxModel } from '../onnx/model.ts';
import type { CalibrationData } from '../passes/calibration.ts';
import {
  mobilenetStages,
  mobilenetV2,
  resnet,
  type MobileNetSize,
  type ResNetSize,
} from './convolutional.ts';
import { perceptron, type PerceptronSize } from './perceptron.ts';
import { bert, gpt2, type DecoderSize, type TransformerSize } from './transformers.ts';

/** A well-known architecture of one size: its model, weights drawn by seed, and a batch of inputs for it. */
export interface Architecture {
  build: (seed: number) => OnnxModel;
  inputs: (random: Random) => Tensors;
}

/** Normal inputs to calibrate on, the same each time. */
export function drawnBatches({ inputs }: Architecture, count: number): CalibrationData {
  return {
    description: `${count} drawn batches`,
    hash: `drawn-${count}`,
    batches: async function* () {
      const random = createRandom(7);
      for (let batch = 0; batch < count; batch++) yield await Promise.resolve(inputs(random));
    },
  };
}

/** At the size of the papers. */
export const fullSize = {
  perceptron: perceptronOf({ width: 1024, layers: 4 }, 8),
  'resnet-50': resnetOf({ image: 224, width: 64, blocks: [3, 4, 6, 3], classes: 1000 }),
  'mobilenet-v2': mobilenetOf({ image: 224, stages: mobilenetStages, head: 1280, classes: 1000 }),
  'bert-base': bertOf({ width: 768, heads: 12, layers: 12 }, 128),
  'gpt-2': gpt2Of({ width: 768, heads: 12, layers: 12, vocabulary: 50257, positions: 1024 }, 128),
} as const satisfies Record<string, Architecture>;

/** The same with a few narrow layers of every kind: made and run in milliseconds. */
export const smallSize = {
  perceptron: perceptronOf({ width: 64, layers: 3 }, 8),
  'resnet-50': resnetOf({ image: 32, width: 16, blocks: [2, 1], classes: 10 }),
  'mobilenet-v2': mobilenetOf({ image: 32, stages: mobilenetStages.slice(0, 2), head: 64, classes: 10 }),
  'bert-base': bertOf({ width: 64, heads: 4, layers: 2 }, 12),
  'gpt-2': gpt2Of({ width: 64, heads: 4, layers: 2, vocabulary: 96, positions: 32 }, 12),
} as const satisfies Record<keyof typeof fullSize, Architecture>;

function perceptronOf(size: PerceptronSize, rows: number): Architecture {
  return {
    build: (seed) => perceptron(seed, size),
    inputs: (random) => ({ x: normal(random, [rows, size.width]) }),
  };
}

function resnetOf(size: ResNetSize): Architecture {
  return { build: (seed) => resnet(seed, size), inputs: imagesOf(size) };
}

function mobilenetOf(size: MobileNetSize): Architecture {
  return { build: (seed) => mobilenetV2(seed, size), inputs: imagesOf(size) };
}

function imagesOf({ image }: { image: number }): Architecture['inputs'] {
  return (random) => ({ images: normal(random, [1, 3, image, image]) });
}

function bertOf(size: TransformerSize, length: number): Architecture {
  return {
    build: (seed) => bert(seed, size),
    inputs: (random) => ({ embeddings: normal(random, [1, length, size.width]) }),
  };
}

/** One token after `past` others. */
function gpt2Of(size: DecoderSize, past: number): Architecture {
  const { width, heads, layers, vocabulary } = size;
  const caches = Array.from({ length: layers }, (_, layer) => [`past_key_${layer}`, `past_value_${layer}`]);
  return {
    build: (seed) => gpt2(seed, size),
    inputs: (random) => ({
      input_ids: integer([1, 1], random.below(vocabulary)),
      position: integer([1], past),
      ...Object.fromEntries(
        caches.flat().map((name) => [name, normal(random, [1, heads, past, width / heads])]),
      ),
    }),
  };
}

function normal(random: Random, shape: readonly number[]): Tensor {
  const data = Float32Array.from({ length: elementCount(shape) }, () => random.normal());
  return { type: 'float32', shape, data };
}

function integer(shape: readonly number[], value: number): Tensor {
  return { type: 'int64', shape, data: BigInt64Array.of(BigInt(value)) };
}
