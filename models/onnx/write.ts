import writeFileAtomic from 'write-file-atomic';
import type { OnnxModel } from './model.ts';
import { onnx } from './proto/onnx.js';

/** The bytes of an ONNX file. */
export function encodeModel(model: OnnxModel): Uint8Array {
  return onnx.ModelProto.encode(model).finish();
}

/** Writes an ONNX file whole or not at all. */
export async function writeModel(model: OnnxModel, file: string): Promise<void> {
  await writeFileAtomic(file, Buffer.from(encodeModel(model)));
}
