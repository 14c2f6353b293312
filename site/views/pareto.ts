import type { Direction } from '../../core/verdict.ts';

/** A choice with a cost (lower is better) and a quality. */
export interface Choice {
  latencyMs: number;
  quality: number;
}

/** The choices that no other one beats on both axes, fastest first; equals count once. */
export function paretoFrontier<T extends Choice>(choices: readonly T[], direction: Direction): T[] {
  const gain = (choice: T): number => (direction === 'higher-is-better' ? choice.quality : -choice.quality);
  const fastestFirst = [...choices].sort((a, b) => a.latencyMs - b.latencyMs || gain(b) - gain(a));
  const frontier: T[] = [];
  for (const choice of fastestFirst) {
    const last = frontier.at(-1);
    if (last === undefined || gain(choice) > gain(last)) frontier.push(choice);
  }
  return frontier;
}
