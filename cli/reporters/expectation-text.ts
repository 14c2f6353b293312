import type { Expected, ExpectedPart } from '../../models/explain/expect.ts';
import type { RatioRange } from '../../models/explain/expectations.ts';
import { formatNumber, formatPercent } from '../../site/views/format.ts';

/** `1.2 to 3.1 times as fast`, or that nothing is known. */
export function formatRatioRange(ratio: RatioRange | null): string {
  if (ratio === null) return 'not known';
  return `${formatNumber(ratio.low, 2)} to ${formatNumber(ratio.high, 2)} times as fast`;
}

/** What a range means where it does not leave it open. */
export function speedWord({ ratio }: Pick<Expected, 'ratio'>): string {
  if (ratio === null) return 'not known';
  if (ratio.low >= 1.05) return 'faster';
  if (ratio.high <= 0.95) return 'slower';
  return ratio.low >= 0.85 && ratio.high <= 1.15 ? 'as fast' : 'faster or slower';
}

/** A line for each part of the time that the passes reach, then the sources of the figures. */
export function formatParts({ parts, reached }: Expected): string {
  const lines = parts.map((part) => `  ${formatPart(part)}\n`);
  const rest = `  ${formatPercent(1 - reached)} of the time is in what the passes do not reach\n`;
  return `${lines.join('')}${rest}${sourcesOf(parts)}`;
}

function formatPart({ kind, share, ratio }: ExpectedPart): string {
  const figure = ratio === null ? 'no figure is known' : formatRatioRange(ratio);
  return `${formatPercent(share)} of the time is in ${kind}s: ${figure}`;
}

/** Where the figures are from, each source once. */
function sourcesOf(parts: readonly ExpectedPart[]): string {
  const all = parts.flatMap(({ sources }) => sources.map(({ basis, text }) => `  ${basis}: ${text}\n`));
  return [...new Set(all)].join('');
}
