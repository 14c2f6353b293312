import { fromOrtValues, toOrtValues } from '../../models/onnx/ort-values.ts';
import { withPlainTensors, type PlainModel } from '../../models/onnx/plain-tensors.ts';
import { readSound } from '../../models/onnx/check.ts';
import { loadSession, openSession, type OrtSession, type SessionOptions } from '../../models/onnx/session.ts';
import { isCarried, tensorSpecs } from '../../models/onnx/tensor-specs.ts';
import type { Artifact, LoadSettings, Runner, Session } from '../runner.ts';
import { turnNowAndThen } from './now-and-then.ts';
import { probeDevice } from './probe.ts';
import { sessionOptions } from './session-options.ts';

/** ONNX Runtime through its Node binding. */
export const onnxruntimeRunner: Runner = {
  kind: 'onnxruntime',
  format: 'onnx',
  probe: probeDevice,
  load,
};

async function load(artifact: Artifact, settings: LoadSettings): Promise<Session> {
  const session = await open(artifact.path, sessionOptions(settings));
  const inputs = tensorSpecs(session.inputs);
  let isClosed = false;
  return {
    inputs,
    outputs: tensorSpecs(session.outputs),
    run: async (feeds) => {
      // The binding runs in this thread: many calls would keep messages waiting.
      await turnNowAndThen();
      return fromOrtValues(session.run(toOrtValues(inputs, feeds)));
    },
    prepare: (feeds) => {
      const ready = toOrtValues(inputs, feeds);
      return () => session.run(ready);
    },
    close: () => {
      if (!isClosed) session.close();
      isClosed = true;
      return Promise.resolve();
    },
  };
}

/** Loads the file itself, or, where its inputs or outputs are not what the binding carries, a graph that has such. */
async function open(file: string, options: SessionOptions): Promise<OrtSession> {
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
    await readPlain(file);
    throw thrown;
  }
}

async function readPlain(file: string): Promise<PlainModel> {
  return withPlainTensors(await readSound(file));
}
