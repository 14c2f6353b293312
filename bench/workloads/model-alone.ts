import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import type { Workload } from './workload.ts';

const run = promisify(execFile);

/**
 * Samples a second of calls of the model and nothing else, on one core, and on two with a process each: no evaluation with such
 * calls is faster, nor gains more from a second core.
 */
export async function modelAlone(workload: Workload): Promise<{ one: number; two: number }> {
  const one = await samplesASecond(workload, 0);
  const each = await Promise.all([samplesASecond(workload, 0), samplesASecond(workload, 1)]);
  return { one, two: each[0] + each[1] };
}

async function samplesASecond(workload: Workload, core: number): Promise<number> {
  const script = path.join(import.meta.dirname, 'calls.ts');
  const args = [process.execPath, script, JSON.stringify(workload)];
  const { stdout } = await run('taskset', ['--cpu-list', String(core), ...args]);
  return Number(stdout);
}
