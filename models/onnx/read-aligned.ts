import { giveBack } from '../../core/spare-bytes.ts';
import type { OnnxModel } from './model.ts';
import { readHashed } from './read-hashed.ts';
import { alignWeights, decodeModelFile } from './read.ts';

/** A model to be rewritten. */
export interface Aligned {
  /** Of the file. */
  sha256: string;
  model: OnnxModel;
  /** Gives back the memory of the model's weights: nobody may look at those, nor at what shares them, from then on. */
  giveBack: () => void;
}

/**
 * Reads a model to be rewritten: its larger weights have moved to where floats can be read in place, rather than from a copy each
 * time. Throws as `readModelBytes` and `decodeModelFile` do.
 */
export async function readAligned(file: string): Promise<Aligned> {
  // Bytes with moved weights are no ONNX file any more, so nobody else gets them.
  const { bytes, sha256 } = await readHashed(file);
  const model = await decodeModelFile(bytes, file);
  alignWeights(model);
  return {
    sha256,
    model,
    giveBack: () => {
      giveBack(bytes);
    },
  };
}
