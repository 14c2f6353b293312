import { GCProfiler } from 'node:v8';

/** Does the work and counts the garbage collections meanwhile; V8 counts by itself, no code of ours runs at each. */
export async function countCollections(work: () => Promise<void>): Promise<number> {
  const profiler = new GCProfiler();
  profiler.start();
  await work();
  return profiler.stop().statistics.length;
}
