import type { Tensors } from '../../core/tensor.ts';
import type { Target } from '../../suites/target.ts';
import type { Artifact } from '../runner.ts';

/** One model to time under a name that is unique in its group. */
export interface Contender {
  name: string;
  artifact: Artifact;
}

/** What a timed process is asked. */
export interface TimedRequest {
  target: Target;
  threads: number;
  /** The first is the baseline; every other is paired against it. */
  contenders: readonly Contender[];
  /** One batch; every timed call runs it. */
  inputs: Tensors;
  seed: number;
  /** At most; a warm-up ends when its slope test sees no trend. */
  warmUpMs: number;
  epochs: number;
  epochMs: number;
  /** How long tinybench samples each contender for its absolute latency. */
  profileMs: number;
  /** A contender whose call takes longer fails. */
  maxCallMs: number;
}

/** How one contender fared in one process; the arrays are in milliseconds a call. */
export type TimedContender =
  | {
      status: 'timed';
      name: string;
      warmUp: { isSteady: boolean; ms: number };
      /** One entry a round, in the same order for every contender: entry i of two contenders is a pair. */
      roundMs: Float64Array;
      /** CPU time of this process in the same units. */
      roundCpuMs: Float64Array;
      /** One entry a call, from tinybench. */
      callMs: Float64Array;
    }
  | { status: 'failed'; name: string; code: 'error' | 'timeout'; reason: string };

/** What one process measured. */
export interface TimedProcess {
  contenders: TimedContender[];
  /** Epochs that were run: fewer than asked for where the models are large or slow. */
  epochs: number;
  /** Garbage collections while rounds ran. */
  collections: number;
  /** By how much wall-clock time and monotonic time disagree about the process, in milliseconds. */
  clockSkewMs: number;
  /** The batch size that the models were exported for; null where they take any. */
  fixedBatch: number | null;
}
