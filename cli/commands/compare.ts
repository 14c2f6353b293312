import type { CommandResult } from '../command.ts';
import { compareTargets } from './compare-targets.ts';
import { compareVariants } from './compare-variants.ts';
import { findRun, type ResultsFlags } from './results-folder.ts';

export type CompareFlags = ResultsFlags & { targets: boolean };

/** `assay compare [run]`: each variant against its baseline, or with `--targets` against itself on other targets. */
export async function compareCommand(flags: CompareFlags, [id]: readonly string[]): Promise<CommandResult> {
  const stored = await findRun(flags.results, id);
  return flags.targets ? compareTargets(stored) : compareVariants(stored);
}
