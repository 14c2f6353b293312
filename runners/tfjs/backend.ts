import * as tf from '@tensorflow/tfjs-core';
import type { Versions } from '../runner.ts';

/** A backend of TF.js that has started on a device. */
export interface Backend {
  /** What TF.js calls it. */
  name: string;
  /** For people: which runtime and device it is. */
  detail: string;
  isSoftware: boolean;
  /** Whether values can be read without a promise. */
  readsAtOnce: boolean;
  /** Left out where all of it comes with Assay. */
  versions?: Versions;
}

/** Says why a device does not start here, and what would mend it. */
export class UnavailableDevice extends Error {
  readonly remedy: string;

  constructor(reason: string, remedy: string) {
    super(reason);
    this.remedy = remedy;
  }
}

/** Has TF.js start a backend that is registered; false where it does not. */
export async function startBackend(name: string): Promise<boolean> {
  const isStarted = await tf.setBackend(name);
  if (isStarted) await tf.ready();
  return isStarted;
}

/** TF.js computes on one backend a thread: makes a started one the current one. */
export function useBackend({ name }: Pick<Backend, 'name'>): void {
  // It has started, so this takes effect at once.
  if (tf.getBackend() !== name) void tf.setBackend(name);
}

let lastTurn: Promise<unknown> = Promise.resolve();

/** Does one thing after the other: what goes on over several turns of the thread must find its backend as it left it. */
export function inTurn<Result>(work: () => Result | Promise<Result>): Promise<Result> {
  const mine = lastTurn.then(work);
  lastTurn = mine.catch(() => undefined);
  return mine;
}
