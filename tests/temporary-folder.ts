import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { withoutTelemetry } from '../models/onnx/telemetry.ts';

/** Whatever the tests leave in the folder for temporary files goes away with it when they have ended. */
export async function setup(): Promise<() => Promise<void>> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'assay-tests-'));
  process.env.TMPDIR = folder;
  // Half the time of a small run goes into reading TypeScript, anew in each of its processes.
  process.env.NODE_COMPILE_CACHE = path.join(folder, 'compiled');
  Object.assign(process.env, withoutTelemetry);
  // A process that is being killed may still write there.
  return () => rm(folder, { recursive: true, force: true, maxRetries: 10 });
}
