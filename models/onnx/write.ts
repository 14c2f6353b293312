import type { OnnxModel } from './model.ts';
import { onnx } from './proto/onnx.js';
import { PieceWriter } from './piece-writer.ts';

/** The bytes of an ONNX file. */
export function encodeModel(model: OnnxModel): Uint8Array {
  const pieces = encodePieces(model);
  const bytes = Buffer.allocUnsafeSlow(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let end = 0;
  for (const piece of pieces) {
    bytes.set(piece, end);
    end += piece.length;
  }
  return bytes;
}

/** The bytes of an ONNX file in pieces; large weights are not copied. */
export function encodePieces(model: OnnxModel): Uint8Array[] {
  const writer = new PieceWriter();
  onnx.ModelProto.encode(model, writer);
  return writer.finishPieces();
}
