import type { Tensors, TensorSpec } from '../core/tensor.ts';
import type { TargetSettings } from '../results/target-schema.ts';
import type { ModelFormat } from '../models/format.ts';
import type { RunnerKind } from '../suites/target.ts';

/** By name, of libraries and packages that compute on a device and do not come with Assay. */
export type Versions = Readonly<Record<string, string>>;

/** Whether a device runs here, proven by an inference, or why not and what would mend it. */
export type Probe =
  | {
      status: 'works';
      detail: string;
      isSoftware: boolean;
      versions?: Versions;
      /** Why no model in float16 runs; left out where one does, or nothing is known against it. */
      withoutFloat16?: string;
    }
  | { status: 'unavailable'; reason: string; remedy: string };

/** The form of a model a runner loads. */
export interface Artifact {
  format: ModelFormat;
  path: string;
}

/** How a model is loaded. */
export interface LoadSettings extends Omit<TargetSettings, 'deviceIndexes'> {
  device: string;
  /** Which device of the kind. */
  deviceIndex: number;
  /** Intra-op threads. */
  threads: number;
}

/** A loaded model. */
export interface Session {
  inputs: readonly TensorSpec[];
  outputs: readonly TensorSpec[];
  /** Resolves when the outputs are readable by the CPU. */
  run(inputs: Tensors): Promise<Tensors>;
  /**
   * A call that runs these inputs each time, with nothing around it that inference does not need: what is timed. It gives
   * back a promise only where the runtime needs one. Left out by runtimes where `run` is already that.
   */
  prepare?(inputs: Tensors): () => unknown;
  close(): Promise<void>;
}

/** The adapter to one runtime. */
export interface Runner {
  kind: RunnerKind;
  format: Artifact['format'];
  probe(device: string): Promise<Probe>;
  load(artifact: Artifact, settings: LoadSettings): Promise<Session>;
}
