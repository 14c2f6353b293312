import { stat } from 'node:fs/promises';
import { bindTensors } from '../../core/bind-tensors.ts';
import { messageOf } from '../../core/errors.ts';
import type { Tensors } from '../../core/tensor.ts';
import { openFile } from './open-file.ts';
import { toOrtValues } from './ort-values.ts';
import type { OrtSession, SessionOptions } from './session.ts';
import { tensorSpecs } from './tensor-specs.ts';

/** Without copies in the layout of the kernels: whether there is a kernel for each node is known before. */
const quickly = { extra: { session: { disable_prepacking: '1' } } };

/** Why ONNX Runtime cannot load the model in a file, or call it on a batch where one is given; null where it can. */
export async function runFailure(file: string, batch: Tensors | null): Promise<string | null> {
  try {
    const level = await levelFor(file);
    const session = await openFile(file, batch === null ? { ...quickly, ...level } : level);
    try {
      if (batch !== null) callOnce(session, batch);
    } finally {
      session.close();
    }
    return null;
  } catch (thrown) {
    return messageOf(thrown);
  }
}

function callOnce(session: OrtSession, batch: Tensors): void {
  const specs = tensorSpecs(session.inputs);
  session.run(toOrtValues(specs, bindTensors(specs, batch)(batch)));
}

/** Optimising would make weights in another file anew in memory, where they are only mapped otherwise. */
async function levelFor(file: string): Promise<SessionOptions> {
  const isSplit = (await stat(`${file}.data`).catch(() => null)) !== null;
  return isSplit ? { graphOptimizationLevel: 'disabled' } : {};
}
