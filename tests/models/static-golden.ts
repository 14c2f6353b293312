import { readFileSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod';
import { elementCount, type Tensors } from '../../core/tensor.ts';
import { decodeModel } from '../../models/onnx/read.ts';
import type { OnnxModel } from '../../models/onnx/model.ts';
import { startCalibration, type Calibration } from '../../models/passes/calibration.ts';

const folder = path.join(import.meta.dirname, '../golden/static-models');
const stored = z.object({ shape: z.array(z.int()), base64: z.string() });
const ranges = z.record(z.string(), z.tuple([z.number(), z.number()]));

const golden = z
  .object({
    cases: z.array(
      z.object({
        case: z.string(),
        batches: z.array(stored),
        ranges: z.object({ 'moving-average': ranges }),
        quantized: z.array(
          z.object({
            granularity: z.enum(['per-channel', 'per-tensor']),
            activations: z.enum(['uint8', 'int8']),
            reduceRange: z.boolean(),
            /** Scale and zero point by value. */
            values: z.record(z.string(), z.tuple([z.number(), z.int()])),
            constants: z.record(z.string(), z.object({ values: stored, scale: stored })),
          }),
        ),
      }),
    ),
  })
  .parse(JSON.parse(readFileSync(path.join(folder, 'quantize-static.json'), 'utf8')));

/** What `quantize_static` of Python made of the models tests/oracle/onnx wrote, and the batches it had. */
export const staticCases = golden.cases;
export type StaticCase = (typeof staticCases)[number];

export function staticModel(name: string): OnnxModel {
  const file = `${name}.onnx`;
  return decodeModel(readFileSync(path.join(folder, file)), file);
}

export function calibrationOf({ case: name, batches }: StaticCase): Calibration {
  return startCalibration({ description: name, hash: name, batches: () => walk(batches) });
}

/** As many rows as all batches together. */
async function* walk(batches: StaticCase['batches']): AsyncGenerator<Tensors> {
  for (const { shape, base64 } of batches) {
    const bytes = Uint8Array.from(Buffer.from(base64, 'base64'));
    const data = new Float32Array(bytes.buffer, 0, elementCount(shape));
    yield await Promise.resolve({ x: { type: 'float32', shape, data } });
  }
}
