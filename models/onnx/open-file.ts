import { readSound } from './check.ts';
import { withPlainTensors, type PlainModel } from './plain-tensors.ts';
import { loadSession, openSession, type OrtSession, type SessionOptions } from './session.ts';
import { isCarried } from './tensor-specs.ts';

/**
 * Loads the file itself, or, where its inputs or outputs are not what the binding carries, a graph that has such. Throws what ONNX
 * Runtime throws, and `model-invalid` for a file that is no model or has inputs or outputs that nothing can take the place of.
 */
export async function openFile(file: string, options: SessionOptions): Promise<OrtSession> {
  const { enableProfiling: isProfiled = false } = options;
  const session = await loadFile(file, { ...options, enableProfiling: false });
  const isPlain = [...session.inputs, ...session.outputs].every(isCarried);
  if (isPlain && !isProfiled) return session;
  // A profile is written of every session that has profiling on, so that only the one that runs may have it.
  session.close();
  return isPlain ? loadSession(file, options) : openSession((await readPlain(file)).model, options);
}

async function loadFile(file: string, options: SessionOptions): Promise<OrtSession> {
  try {
    return await loadSession(file, options);
  } catch (thrown) {
    // What is no model, or has inputs of a type that cannot be had, is told in better words than ONNX Runtime has.
    await readPlain(file);
    throw thrown;
  }
}

async function readPlain(file: string): Promise<PlainModel> {
  return withPlainTensors(await readSound(file));
}
