import type { Artifact } from './artifact-cache.ts';
import type { BuildRequest } from './build.ts';
import type { Skipped } from './passes/apply.ts';
import type { VariantPlan } from './variant.ts';

/** What holds a variant. */
export interface Written {
  /** The model first. */
  files: readonly string[];
  /** As of `contentHash`, where writing has told it. */
  sha256?: string;
}

/** A variant in memory, and what its passes did. */
export interface Made {
  lineage: Artifact['passes'];
  /** Writes it. The baseline is there already. */
  write(): Promise<Written>;
}

/** How variants in one format are made and kept. */
export interface Maker {
  /** What a variant is made from and by: it is kept under the hash of that. */
  identity(request: BuildRequest, plan: VariantPlan): Promise<unknown>;
  /** The file of the variant kept under a key, and those beside it that hold weights of it: none where it is not there. */
  kept(key: string): Promise<{ file: string; others: readonly string[] }>;
  /** The files beside a model in this format that hold weights of it; none where it cannot be read, which `make` will say. */
  besides(file: string): Promise<string[]>;
  /** Makes a variant at `file`. Where that is the model itself, only checks that it can be read. */
  make(request: BuildRequest, plan: VariantPlan, file: string): Promise<Made | Skipped>;
}
