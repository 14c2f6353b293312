import path from 'node:path';
import { exitCodes } from '../../core/errors.ts';
import type { CommandResult, CommonFlags } from '../command.ts';
import { damagedData, formatDamaged } from '../reporters/damaged.ts';

export type ReportFlags = CommonFlags & { results: readonly string[]; out: string; base: string };

/** `assay report build`. */
export async function reportBuildCommand(flags: ReportFlags): Promise<CommandResult> {
  const { buildSite } = await import('../../site/build.ts');
  const outDir = path.resolve(flags.out);
  const { pages, damaged } = await buildSite({
    resultsDirs: flags.results,
    outDir,
    base: flags.base,
  });
  const text = `Report: ${path.join(outDir, 'index.html')} (${pages} pages). See it with: assay report serve`;
  process.stderr.write(formatDamaged(damaged, 'the report is without it, and says so'));
  return { exitCode: exitCodes.pass, data: { outDir, pages, damaged: damagedData(damaged) }, text };
}
