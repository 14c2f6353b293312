import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { withoutTelemetry } from '../models/onnx/telemetry.ts';

/** Whatever the tests leave in the folder for temporary files goes away with it when they have ended. */
export async function setup(): Promise<() => Promise<void>> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'assay-tests-'));
  process.env.TMPDIR = folder;
  Object.assign(process.env, withoutTelemetry);
  return () => rm(folder, { recursive: true, force: true });
}
