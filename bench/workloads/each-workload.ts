import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Workload } from './workload.ts';
import { writeWorkloads } from './write-workloads.ts';

/** Writes the workloads, and calls `report` with each for one cell and for the four of a suite with three variants. */
export async function eachWorkload(
  report: (workload: Workload, cells: number) => Promise<void>,
): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), 'assay-workloads-'));
  try {
    for (const workload of await writeWorkloads(folder)) {
      await report(workload, 1);
      await report(workload, 4);
    }
  } finally {
    await rm(folder, { recursive: true });
  }
}
