import type { DamagedFile } from '../../results/read-runs.ts';
import { printable, withoutEndlessWords } from '../printable.ts';

/** A warning for each file that is left out, with what comes of that. */
export function formatDamaged(damaged: readonly DamagedFile[], consequence: string): string {
  const texts = damaged.map(({ error }) => {
    const next = error.hint === undefined ? '' : `  Next: ${error.hint}\n`;
    return `Warning: ${error.message}\n  It is left out: ${consequence}.\n${next}`;
  });
  return withoutEndlessWords(printable(texts.join('')));
}

/** The same for programs. */
export function damagedData(damaged: readonly DamagedFile[]): { file: string; reason: string }[] {
  return damaged.map(({ file, error }) => ({ file, reason: error.message }));
}
