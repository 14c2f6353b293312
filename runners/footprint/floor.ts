import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Clock } from '../../core/clock.ts';
import { median, sortAscending } from '../../core/statistics/quantile.ts';
import { stackInputs, stackModel } from '../../models/synthetic/stack-model.ts';
import { bindCall } from '../bind-inputs.ts';
import type { LoadSettings, Runner } from '../runner.ts';

const blocks = 12;
const callsOfBlock = 100;

/**
 * A call, in milliseconds, of a network of one product and one value: what timer and binding take by themselves. Median of
 * the quickest of some blocks, as the first ones warm up. Null where the runner has no such network.
 */
export async function timeFloor(
  runner: Runner,
  settings: LoadSettings,
  clock: Clock,
): Promise<number | null> {
  if (runner.format !== 'onnx') return null;
  const folder = await mkdtemp(path.join(tmpdir(), 'assay-floor-'));
  try {
    const file = path.join(folder, 'floor.onnx');
    await writeFile(file, stackModel({ layers: 1, width: 1, seed: 1 }));
    const session = await runner.load({ format: 'onnx', path: file }, settings);
    const call = bindCall(session, stackInputs({ rows: 1, width: 1, seed: 1 }));
    const medians: number[] = [];
    while (medians.length < blocks) medians.push(await medianOfBlock(call, clock));
    await session.close();
    return Math.min(...medians);
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function medianOfBlock(call: () => unknown, clock: Clock): Promise<number> {
  const callsMs: number[] = [];
  while (callsMs.length < callsOfBlock) {
    const start = clock.nowMs();
    await call();
    callsMs.push(clock.nowMs() - start);
  }
  return median(sortAscending(callsMs));
}
