/** Of the devices that do not take as many as are asked for: what each is called, and what it has. */
const limited: Readonly<Record<string, { title: string; most: number }>> = {
  cpu: { title: 'cpu', most: 1 },
  // The pool that it is built with.
  wasm: { title: 'WebAssembly', most: 8 },
};

/** Why a device is not timed with so many threads, and what would mend it. */
export interface TooManyThreads {
  reason: string;
  remedy: string;
}

/** Null where a device of TensorFlow.js has so many threads. */
export function tooManyThreads(device: string, threads: number): TooManyThreads | null {
  const limit = limited[device];
  if (limit === undefined || threads <= limit.most) return null;
  const has = limit.most === 1 ? 'one thread' : `at most ${limit.most} threads`;
  return {
    reason: `TensorFlow.js's ${limit.title} has ${has}; ${threads} were asked for`,
    remedy: `set "threads" of "timing" in the suite to ${limit.most}, or take tfjs/${device} out of it; quality is evaluated all the same`,
  };
}
