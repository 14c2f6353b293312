import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Workload } from './workload.ts';
import { writeWorkloads } from './write-workloads.ts';

/** Writes the workloads, and calls `report` with each for one cell, for the four of a suite with three variants, or as many as given. */
export async function eachWorkload(
  report: (workload: Workload, cells: number) => Promise<void>,
  counts: readonly number[] = [1, 4],
): Promise<void> {
  const folder = await mkdtemp(path.join(tmpdir(), 'assay-workloads-'));
  try {
    for (const workload of await writeWorkloads(folder)) {
      for (const cells of counts) await report(workload, cells);
    }
  } finally {
    await rm(folder, { recursive: true });
  }
}
