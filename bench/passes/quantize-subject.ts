import { createRandom } from '../../core/random.ts';
import { elementCount } from '../../core/tensor.ts';
import { fullSize } from '../../models/architectures/registry.ts';
import type { OnnxModel } from '../../models/onnx/model.ts';

/** A model that is quantized here and in Python, of one float32 input. */
export interface Subject {
  title: string;
  build: () => OnnxModel;
  input: string;
  /** Of one sample. */
  shape: readonly number[];
  /** Samples of a batch of calibration data, and how many batches there are. */
  batch: number;
  batches: number;
  /** So many are timed at once. */
  calls: number;
}

/** The usual one; others are architectures at full size, by name. */
const mlp: Subject = {
  ...{
    title: 'an MLP of four layers of 1024',
    build: () => fullSize.perceptron.build(1),
    input: 'x',
    shape: [1024],
  },
  ...{ batch: 8, batches: 16, calls: 100 },
};

export function subjectOf(name: string): Subject {
  if (name === 'mlp') return mlp;
  const known: Readonly<Record<string, (typeof fullSize)[keyof typeof fullSize]>> = fullSize;
  const architecture = known[name];
  const inputs = Object.entries(architecture?.inputs(createRandom(1)) ?? {});
  const [found] = inputs;
  if (architecture === undefined || found === undefined || inputs.length > 1)
    throw new Error(
      `no architecture of one input is called ${name}; known: mlp, ${Object.keys(known).join(', ')}`,
    );
  const [input, { shape }] = found;
  return {
    ...{ title: name, build: () => architecture.build(1), input, shape: shape.slice(1) },
    ...{ batch: 1, batches: 8, calls: 2 },
  };
}

/** How many numbers a sample has. */
export function sampleSize({ shape }: Subject): number {
  return elementCount(shape);
}
