import type { Optimized } from '../../runners/optimize/make-variants.ts';
import { formatBytes } from '../../site/views/format.ts';
import type { Unjudged } from '../../runners/optimize/search.ts';
import type { CommandError } from '../command.ts';
import { formatTable, inOneLine } from './table.ts';

/** What came of each variant that was asked for, a row each. */
export function formatOptimized(optimized: readonly Optimized[]): string {
  return formatTable(['variant', 'file', 'size', 'gzip', 'what was done'], optimized.map(row));
}

function row(optimized: Optimized): string[] {
  if (optimized.status !== 'written') return [optimized.variant, '-', '-', '-', formatUnmade(optimized)];
  const { variant, file, made } = optimized;
  const done = made.passes.map(({ summary }) => summary).join('; ');
  return [variant, file, bytesOf(made.sizeBytes), bytesOf(made.gzipBytes), done];
}

/** A size; `-` where there is no file. */
export function bytesOf(bytes: number | null): string {
  return bytes === null ? '-' : formatBytes(bytes);
}

/** Why there is no file, in words. */
export function formatUnmade({
  status,
  reason,
}: {
  status: 'not-applicable' | 'failed';
  reason: string;
}): string {
  return `${status === 'failed' ? 'failed' : 'skipped'}: ${inOneLine(reason)}`;
}

/** What was not made, as an error; none where it was. */
export function unmadeError(optimized: { status: 'written' } | Unjudged): CommandError[] {
  if (optimized.status === 'written') return [];
  const { variant, status: code, reason } = optimized;
  return [{ code, message: `${variant}: ${reason}`, hint: null }];
}

/** The same for programs. */
export function optimizedData(optimized: Optimized): object {
  if (optimized.status !== 'written') return optimized;
  const { variant, status, file, made } = optimized;
  const { sizeBytes, gzipBytes, passes } = made;
  return { variant, status, file, sizeBytes, gzipBytes, passes: passes.map(({ summary }) => summary) };
}
