import { readSound } from './check.ts';
import { lacksLocale } from './english-locale.ts';
import { withPlainTensors, type PlainModel } from './plain-tensors.ts';
import { loadSession, openSession, type OrtSession, type SessionOptions } from './session.ts';
import { isCarried } from './tensor-specs.ts';

/**
 * Loads the file itself, or, where its inputs or outputs are not what the binding carries, a graph that has such; so, too, where ONNX
 * Runtime refuses the file for what is changed, such as a ZipMap of float64, or for a locale that the system lacks. Of the file itself ONNX
 * Runtime then writes a profile, too, where profiling is on: an earlier one, of no call. Throws what ONNX Runtime throws, and
 * `model-invalid` for a file that is no model or has inputs or outputs that nothing can take the place of.
 */
export async function openFile(file: string, options: SessionOptions): Promise<OrtSession> {
  const session = await loadFile(file, options);
  if ([...session.inputs, ...session.outputs].every(isCarried)) return session;
  session.close();
  return openSession((await readPlain(file)).model, options);
}

async function loadFile(file: string, options: SessionOptions): Promise<OrtSession> {
  try {
    return await loadSession(file, options);
  } catch (thrown) {
    // What is no model, or has inputs of a type that cannot be had, is told in better words than ONNX Runtime has.
    const { model, changes } = await readPlain(file);
    if (changes.length === 0 && !lacksLocale(thrown)) throw thrown;
    return openSession(model, options).catch(() => {
      throw thrown;
    });
  }
}

async function readPlain(file: string): Promise<PlainModel> {
  return withPlainTensors(await readSound(file));
}
