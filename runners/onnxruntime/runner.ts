import { openFile } from '../../models/onnx/open-file.ts';
import { fromOrtValues, toOrtValues } from '../../models/onnx/ort-values.ts';
import { tensorSpecs } from '../../models/onnx/tensor-specs.ts';
import type { Artifact, LoadSettings, Runner, Session } from '../runner.ts';
import { turnNowAndThen } from './now-and-then.ts';
import { sessionOptions } from './session-options.ts';

/** ONNX Runtime through its Node binding. */
export const onnxruntimeRunner: Runner = {
  kind: 'onnxruntime',
  format: 'onnx',
  // Not with the runner: a process that is timed loads what it needs for that alone.
  probe: async (device) => (await import('./probe.ts')).probeDevice(device),
  load,
};

async function load(artifact: Artifact, settings: LoadSettings): Promise<Session> {
  const session = await openFile(artifact.path, sessionOptions(settings));
  const inputs = tensorSpecs(session.inputs);
  let isClosed = false;
  return {
    inputs,
    outputs: tensorSpecs(session.outputs),
    run: async (feeds) => {
      // The binding runs in this thread: many calls would keep messages waiting.
      const turn = turnNowAndThen();
      if (turn !== null) await turn;
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
