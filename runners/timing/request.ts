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
  warmupMs: number;
  epochs: number;
  epochMs: number;
  /** How long tinybench samples each contender for its absolute latency. */
  profileMs: number;
}

/** How one contender fared in one process; the arrays are in milliseconds a call. */
export type TimedContender =
  | {
      status: 'timed';
      name: string;
      loadMs: number;
      firstCallMs: number;
      /** One entry a round, in the same order for every contender: entry i of two contenders is a pair. */
      roundMs: Float64Array;
      /** One entry a call, from tinybench. */
      callMs: Float64Array;
    }
  | { status: 'failed'; name: string; reason: string };

export type TimedReply = { status: 'ok'; contenders: TimedContender[] } | { status: 'error'; reason: string };
