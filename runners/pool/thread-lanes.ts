import { Piscina } from 'piscina';
import { siblingModule } from '../../core/package-root.ts';
import type { Lanes } from './lanes.ts';
import { depth, scheduleLanes } from './schedule-lanes.ts';

/** Lanes that are worker threads of this process. */
export function startThreadLanes(count: number): Lanes {
  return scheduleLanes(Array.from({ length: count }, startThread));
}

/** A pool of one: which lane has which model loaded must be known. */
function startThread(): Piscina {
  const filename = siblingModule(import.meta.url, './worker').href;
  return new Piscina({
    ...{ filename, name: 'work', minThreads: 0, maxThreads: 1 },
    concurrentTasksPerWorker: depth,
    // A lane that waits still holds its model.
    idleTimeout: Infinity,
  });
}
