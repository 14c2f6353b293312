import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, open, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createRandom } from '../../core/random.ts';
import { buildGraph } from '../../models/onnx/builder.ts';
import { withStretch } from '../../models/onnx/external-data.ts';
import { mapTensors } from '../../models/onnx/map-tensors.ts';
import type { OnnxModel } from '../../models/onnx/model.ts';
import { encodeModel } from '../../models/onnx/write.ts';

/**
 * Memory to make variants of a model larger than protobuf holds, weights in a file beside it: each variant is built in a process
 * of its own, whose peak resident size is what the kernel counted. `layers` products of `width` x `width`.
 *
 *     node bench/passes/memory.ts [layers] [width] [variant,...]
 */
const [layers = '26', width = '5120', names] = process.argv.slice(2);
const variants = names?.split(',') ?? [
  ...['fp32', 'int8-dynamic', 'int8-dynamic-per-tensor', 'int4-weights', 'int8-weights', 'fp16'],
  ...['prune-magnitude-50', 'prune-2-of-4', 'prune-neurons-50-plain', 'prune-magnitude-50+int8-dynamic'],
];
const size = Number(width);
const folder = await mkdtemp(path.join(tmpdir(), 'assay-memory-'));
try {
  const file = path.join(folder, 'large.onnx');
  await writeLarge(file, Number(layers));
  const bytes = (await stat(`${file}.data`)).size;
  print(
    `${layers} products of ${size} x ${size}, ${gigabytes(bytes)}; a weight has ${megabytes(4 * size ** 2)}`,
  );
  for (const variant of variants) print(await measure(file, variant));
} finally {
  await rm(folder, { recursive: true });
}

/** Every layer has normal numbers of its own: those of the first, from another place on. */
async function writeLarge(file: string, count: number): Promise<void> {
  const random = createRandom(3);
  const numbers = Float32Array.from({ length: 2 ** 20 }, () => random.normal() / Math.sqrt(size));
  const data = await open(`${file}.data`, 'w');
  const weight = new Float32Array(size ** 2);
  for (let layer = 0; layer < count; layer++) {
    for (let start = 0; start < weight.length;) {
      const from = start === 0 ? (layer * 4099) % numbers.length : 0;
      const part = numbers.subarray(from, from + Math.min(numbers.length - from, weight.length - start));
      weight.set(part, start);
      start += part.length;
    }
    await data.write(new Uint8Array(weight.buffer), 0, weight.byteLength, layer * weight.byteLength);
  }
  await data.close();
  await writeFile(file, encodeModel(graphOf(count, `${path.basename(file)}.data`)));
}

function graphOf(count: number, file: string): OnnxModel {
  const graph = buildGraph('large');
  const empty = { type: 'float32', shape: [0], data: new Float32Array() } as const;
  let value = graph.input('x', { type: 'float32', shape: ['batch', size] });
  for (let layer = 0; layer < count; layer++) {
    const product = graph.node('MatMul', [value, graph.initializer(`w${layer}`, empty)]);
    value = graph.node('Relu', [product], layer === count - 1 ? { outputs: ['y'] } : {});
  }
  graph.output('y', { type: 'float32', shape: ['batch', size] });
  const length = 4 * size ** 2;
  return mapTensors(graph.model(), (tensor) => {
    const sized = Object.assign(tensor, { dims: [size, size] });
    return withStretch(sized, { file, offset: Number(tensor.name.slice(1)) * length, length });
  });
}

async function measure(file: string, variant: string): Promise<string> {
  const cache = path.join(folder, 'variants');
  await mkdir(cache);
  const started = performance.now();
  const program = path.join(import.meta.dirname, 'memory-process.ts');
  const child = spawn(process.execPath, [program, file, variant, cache], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
  await once(child, 'close');
  await rm(cache, { recursive: true });
  const seconds = (performance.now() - started) / 1000;
  const { status, peakBytes, sizeBytes } = JSON.parse(text) as Record<string, string>;
  const what = sizeBytes === undefined ? String(status) : gigabytes(Number(sizeBytes));
  return `${variant}: ${megabytes(Number(peakBytes))} at most, ${seconds.toFixed(0)} s; ${what}`;
}

function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1e6)} MB`;
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(2)} GB`;
}

function print(line: string): void {
  process.stdout.write(`${line}\n`);
}
