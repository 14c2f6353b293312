/**
 * Preloaded into a timed process: counts what begins or runs while a unit is timed, and what does otherwise, and writes both
 * to the file named by ASSAY_EVENT_LOG when the process ends. A unit lies between two readings of the CPU time.
 */
import { createHook } from 'node:async_hooks';
import { writeFileSync } from 'node:fs';

const log = { units: 0, during: {} as Record<string, number>, otherwise: {} as Record<string, number> };
const types = new Map<number, string>();
let isTimed = false;

function count(event: string): void {
  const counts = isTimed ? log.during : log.otherwise;
  counts[event] = (counts[event] ?? 0) + 1;
}

const readCpuTime = process.cpuUsage.bind(process);
process.cpuUsage = (previous) => {
  isTimed = previous === undefined;
  if (isTimed) log.units++;
  return readCpuTime(previous);
};

// The promise of an awaited call is the call itself.
createHook({
  init: (id, type) => {
    if (type === 'PROMISE') return;
    types.set(id, type);
    count(`made ${type}`);
  },
  before: (id) => {
    if (types.has(id)) count(`ran ${types.get(id) ?? ''}`);
  },
}).enable();

for (const stream of [process.stdout, process.stderr]) {
  const write = stream.write.bind(stream);
  stream.write = ((...args: Parameters<typeof write>) => {
    count('wrote');
    return write(...args);
  }) as typeof stream.write;
}

const send = process.send?.bind(process);
process.send = ((...args: Parameters<NonNullable<typeof process.send>>) => {
  count('sent');
  return send?.(...args);
}) as NonNullable<typeof process.send>;

process.once('exit', () => {
  isTimed = false;
  writeFileSync(process.env.ASSAY_EVENT_LOG ?? '', JSON.stringify(log));
});
