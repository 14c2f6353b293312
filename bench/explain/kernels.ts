import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { createRandom, type Random } from '../../core/random.ts';
import { elementCount, type Tensor } from '../../core/tensor.ts';
import { convolve, drawnWeight, type Network } from '../../models/architectures/layers.ts';
import { buildGraph } from '../../models/onnx/builder.ts';
import type { OnnxModel } from '../../models/onnx/model.ts';
import { encodeModel } from '../../models/onnx/write.ts';
import { applyPasses } from '../../models/passes/apply.ts';
import type { CalibrationData } from '../../models/passes/calibration.ts';
import { parseVariant, stepsOn } from '../../models/variant.ts';
import { medianLogRatio } from '../../results/compare-latency.ts';
import { readEnvironment } from '../../runners/environment.ts';
import { importRunner } from '../../runners/registry.ts';
import { parseTarget } from '../../suites/target.ts';
import { timeContenders } from '../../runners/timing/time-contenders.ts';

/**
 * How many times as fast as float32 each pass makes stacks of one kind of operator: where the ranges in
 * `models/explain/expectations.ts` come from. One thread, ONNX Runtime on the CPU, contenders in random order in one process.
 *
 *     node bench/explain/kernels.ts [kind,...]
 */
interface Stack {
  model: OnnxModel;
  input: Tensor;
}

const variants = {
  products: [
    'fp16',
    'int8-dynamic',
    'int8-static',
    'int8-weights',
    'int4-weights',
    'prune-magnitude-50',
    'prune-2-of-4',
    'prune-neurons-50-plain',
  ],
  convolutions: ['fp16', 'int8-static', 'int8-static-i8', 'prune-magnitude-50', 'prune-channels-50-plain'],
} as const;

const layers = 4;

/** Gemm and Relu over features. */
function products(width: number, rows: number): Stack {
  const network = start(`products of width ${width}, ${rows} rows`);
  const { graph } = network;
  let value = graph.input('x', { type: 'float32', shape: ['batch', width] });
  for (let layer = 0; layer < layers; layer++) {
    const inputs = [
      value,
      drawnWeight(network, [width, width], 2 / width),
      drawnWeight(network, [width], 0.01),
    ];
    value = graph.node('Gemm', inputs, layer === layers - 1 ? { outputs: ['y'] } : {});
    if (layer < layers - 1) value = graph.node('Relu', [value]);
  }
  graph.output('y', { type: 'float32', shape: ['batch', width] });
  return { model: graph.model(), input: draw(network.random, [rows, width]) };
}

interface Maps {
  channels: number;
  size: number;
  group?: number;
  kernel?: number;
}

function convolutions({ channels, size, group = 1, kernel = 3 }: Maps): Stack {
  const network = start(`convolutions of ${channels} channels`);
  const { graph } = network;
  const shape = [channels, size, size];
  let value = graph.input('x', { type: 'float32', shape: ['batch', ...shape] });
  for (let layer = 0; layer < layers; layer++)
    value = convolve(network, value, { inputs: channels, outputs: channels, kernel, group });
  graph.node('Identity', [value], { outputs: ['y'] });
  graph.output('y', { type: 'float32', shape: ['batch', ...shape] });
  return { model: graph.model(), input: draw(network.random, [1, ...shape]) };
}

function start(name: string): Network {
  return { graph: buildGraph(name), random: createRandom(1), weights: 0 };
}

function draw(random: Random, shape: readonly number[]): Tensor {
  const data = Float32Array.from({ length: elementCount(shape) }, () => random.normal());
  return { type: 'float32', shape, data };
}

const stacks: Readonly<Record<string, { kind: keyof typeof variants; make: () => Stack }>> = {
  ...Object.fromEntries(
    [1, 32].flatMap((rows) =>
      [16, 32, 64, 128, 256, 512, 1024, 2048].map((width) => [
        `products-${width}-${rows}`,
        { kind: 'products' as const, make: () => products(width, rows) },
      ]),
    ),
  ),
  'convolutions-64-56': { kind: 'convolutions', make: () => convolutions({ channels: 64, size: 56 }) },
  'convolutions-256-14': { kind: 'convolutions', make: () => convolutions({ channels: 256, size: 14 }) },
  'pointwise-256-14': {
    kind: 'convolutions',
    make: () => convolutions({ channels: 256, size: 14, kernel: 1 }),
  },
  'depthwise-256-28': {
    kind: 'convolutions',
    make: () => convolutions({ channels: 256, size: 28, group: 256 }),
  },
};

const wanted = process.argv[2]?.split(',') ?? Object.keys(stacks);
const { cpu } = readEnvironment();
process.stdout.write(`${cpu.model}; ${cpu.flags.filter((flag) => /vnni|amx/.test(flag)).join(' ')}\n`);
for (const name of wanted) await measure(name);

async function measure(name: string): Promise<void> {
  const stack = stacks[name];
  if (stack === undefined) throw new Error(`known: ${Object.keys(stacks).join(', ')}`);
  const { model, input } = stack.make();
  const folder = await mkdtemp(path.join(os.tmpdir(), 'assay-kernels-'));
  try {
    const contenders = [await write(folder, 'fp32', model)];
    for (const variant of variants[stack.kind]) {
      const made = await make(model, variant, input);
      if (made !== null) contenders.push(await write(folder, variant, made));
    }
    const request = { target: parseTarget('onnxruntime/cpu'), threads: 1, contenders, seed: 1 } as const;
    const budget = { warmUpMs: 100, epochs: 8, epochMs: 150, profileMs: 0, maxCallMs: 5000 };
    const timed = await timeContenders(
      { ...request, ...budget, inputs: { x: input } },
      { runner: await importRunner('onnxruntime') },
    );
    const rounds = timed.contenders.map((one) => (one.status === 'timed' ? one.roundMs : Float64Array.of()));
    const [baseline = Float64Array.of()] = rounds;
    const sorted = baseline.toSorted();
    const cells = rounds.slice(1).map((variant, index) => {
      const ratio = Math.exp(-medianLogRatio({ baseline, variant }));
      return `${contenders[index + 1]?.name} ${ratio.toFixed(2)}`;
    });
    process.stdout.write(
      `${name}: ${((sorted[sorted.length >> 1] ?? 0) * 1000).toFixed(1)} us | ${cells.join(' | ')}\n`,
    );
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function write(folder: string, name: string, model: OnnxModel) {
  const file = path.join(folder, `${name}.onnx`);
  await writeFile(file, encodeModel(model));
  return { name, artifact: { format: 'onnx', path: file } as const };
}

async function make(model: OnnxModel, variant: string, input: Tensor): Promise<OnnxModel | null> {
  const data: CalibrationData = {
    description: 'one drawn batch',
    hash: '',
    // eslint-disable-next-line @typescript-eslint/require-await -- the contract is asynchronous
    batches: async function* () {
      yield { x: input };
    },
  };
  const made = await applyPasses(model, stepsOn(parseVariant(variant), 'onnx') ?? [], data);
  return 'reason' in made ? null : made.model;
}
