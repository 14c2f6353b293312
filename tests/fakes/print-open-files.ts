/** Loads a model in ONNX Runtime and prints the files that are open then. */
import { readdirSync, readlinkSync } from 'node:fs';
import { loadModel, onnxOf } from '../../models/manifest.ts';
import { loadSession } from '../../models/onnx/session.ts';

(await loadSession(onnxOf(await loadModel('cars-mlp')).path, {})).close();
for (const name of readdirSync('/proc/self/fd')) {
  try {
    process.stdout.write(`${readlinkSync(`/proc/self/fd/${name}`)}\n`);
  } catch {
    // The folder itself was open while it was read.
  }
}
