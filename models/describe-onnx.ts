import { contentHash } from './content-hash.ts';
import { labelsInConfig } from './hugging-face.ts';
import type { Model, ModelFile } from './manifest.ts';
import { classLabelsOf } from './onnx/class-labels.ts';
import { externalFiles } from './onnx/external-data.ts';
import { decodeModelFile } from './onnx/read.ts';

/** Identity of an ONNX file whose bytes and hash are known, and what it says of its classes; of one that cannot be read, loading it will tell why. */
export async function describeOnnx(
  path: string,
  { bytes, sha256 }: { bytes: Uint8Array; sha256: string },
): Promise<{ onnx: ModelFile } & Pick<Model, 'labels'>> {
  const onnx = { path, sha256, sizeBytes: bytes.length };
  const model = await decodeModelFile(bytes, path).catch(() => null);
  if (model === null) return { onnx, labels: null };
  const weights = externalFiles(model);
  const labels = classLabelsOf(model) ?? (await labelsInConfig(path));
  if (weights.length === 0) return { onnx, labels };
  return { onnx: { ...onnx, weightsSha256: await contentHash(weights) }, labels };
}
