import { stat } from 'node:fs/promises';
import { AssayError, messageOf } from '../../core/errors.ts';
import { sortNodes } from './graph.ts';
import type { OnnxModel } from './model.ts';
import { newestOpset, oldestOpset, opsetOf } from './opset.ts';
import { scopesOf } from './scopes.ts';
import { loadSession, type SessionOptions } from './session.ts';

/** Throws `model-invalid` for a model no pass could make a working file of: one with a cycle, or of a later operator set. */
export function assertSound(model: OnnxModel): void {
  for (const { graph } of scopesOf(model.graph)) sortNodes(graph.node);
  const opset = opsetOf(model);
  if (opset <= newestOpset) return;
  throw new AssayError(
    'model-invalid',
    `The model is of operator set ${opset}; ONNX Runtime 1.30 loads sets up to ${newestOpset}, and passes take ${oldestOpset} to ${newestOpset}.`,
    { hint: `Export the model again for operator set ${newestOpset} or less.` },
  );
}

/** Without copies in the layout of the kernels: whether there is a kernel for each node is known before. */
const quickly = { extra: { session: { disable_prepacking: '1' } } };

/** Why ONNX Runtime cannot load the model in a file; null where it can. */
export async function loadFailure(file: string): Promise<string | null> {
  try {
    (await loadSession(file, { ...quickly, ...(await levelFor(file)) })).close();
    return null;
  } catch (thrown) {
    return messageOf(thrown);
  }
}

/** Optimising would make weights in another file anew in memory, where they are only mapped otherwise. */
async function levelFor(file: string): Promise<SessionOptions> {
  const isSplit = (await stat(`${file}.data`).catch(() => null)) !== null;
  return isSplit ? { graphOptimizationLevel: 'disabled' } : {};
}
