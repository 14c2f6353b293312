import type { VerdictName } from '../../core/verdict.ts';
import type { Variant } from '../../results/schema.ts';

/** What a variant is shown as: its verdict, or what it is instead. */
export type Mark = VerdictName | 'baseline' | 'not judged';

/** A sign for each mark, the same in text and in charts, so that colour is never the only difference. */
export const marks = {
  baseline: { glyph: '■', shape: 'square' },
  improved: { glyph: '▲', shape: 'triangle-up' },
  pass: { glyph: '●', shape: 'circle' },
  regressed: { glyph: '▼', shape: 'triangle-down' },
  inconclusive: { glyph: '◆', shape: 'diamond' },
  'not judged': { glyph: '✚', shape: 'cross' },
} as const satisfies Record<Mark, { glyph: string; shape: string }>;

export const markNames = Object.keys(marks) as readonly Mark[];

export function markOf({ isBaseline }: Pick<Variant, 'isBaseline'>, verdict: VerdictName | null): Mark {
  return isBaseline ? 'baseline' : (verdict ?? 'not judged');
}
