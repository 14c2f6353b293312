import type { OnnxModel } from './model.ts';
import { onnx } from './proto/onnx.js';

/** The bytes of an ONNX file. */
export function encodeModel(model: OnnxModel): Uint8Array {
  return onnx.ModelProto.encode(model).finish();
}
