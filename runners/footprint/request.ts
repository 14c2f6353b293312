import type { Tensors } from '../../core/tensor.ts';
import type { WordInput } from '../../core/word-inputs.ts';
import type { Target } from '../../suites/target.ts';
import type { Artifact } from '../runner.ts';

/** What a process that runs one variant alone is asked. */
export interface FootprintRequest {
  target: Target;
  threads: number;
  artifact: Artifact;
  /** One batch; every call runs it. */
  inputs: Tensors;
  /** For about how long calls are repeated while memory is watched. */
  callsMs: number;
  /** What to continue; null where the task is not generation. */
  generation: GenerationRequest | null;
}

/** Prompts to be continued greedily, one at a time. */
export interface GenerationRequest {
  /** The dataset's inputs that tell of the words of a row, and how many it has, padding included. */
  words: Readonly<Record<string, WordInput>>;
  width: number;
  /** Whether rows may be as short as their words. */
  canGoUnpadded: boolean;
  /** `inputs` are all of the row, as the dataset has it. */
  prompts: readonly { ids: readonly number[]; inputs: Tensors; newTokens: number }[];
  /** No further prompt is begun after this time. */
  budgetMs: number;
  /** The output of logits; undefined for the only one that fits. */
  output?: string | undefined;
}

/** One prompt continued: until its first new token, and from there to its last. */
export interface GeneratedSequence {
  promptTokens: number;
  newTokens: number;
  firstTokenMs: number;
  furtherTokensMs: number;
}

/** Resident memory after so many calls, garbage collected. */
export interface MemorySample {
  calls: number;
  residentBytes: number;
}

/** What one process found. */
export interface FootprintProcess {
  /** To make a session, the runtime itself already loaded. */
  loadMs: number;
  firstCallMs: number;
  /** Before the model was loaded. */
  idleBytes: number;
  /** The most the process ever had, before other things than the model ran in it. */
  peakBytes: number;
  memory: MemorySample[];
  /** Hash of the outputs of the first call. */
  outputHash: string;
  /** Over the repeated calls, see `outputDifference`. */
  largestDifference: number;
  sequences: GeneratedSequence[];
  /** Median call of a network that does next to nothing; null where the runner has none. */
  floorMs: number | null;
}
