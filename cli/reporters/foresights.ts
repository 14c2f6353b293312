import { formatTarget } from '../../results/target-schema.ts';
import type { Foresight } from '../../runners/check-targets.ts';
import { formatCount } from '../../site/views/format.ts';

const meanings: Readonly<Record<Foresight['means'], string>> = {
  skipped: 'will be skipped',
  fails: 'will fail',
  'in-doubt': 'will be in doubt',
};

const mostVariants = 4;

/** What is known against cells before they are run, once for all cells of a target that it holds for, and what to do. */
export function formatForesights(foresights: readonly Foresight[], mark: string): string {
  const groups = Map.groupBy(foresights, ({ suiteId, target, means, reason }) =>
    JSON.stringify([suiteId, target, means, reason]),
  );
  return [...groups.values()].map((alike) => formatAlike(alike, mark)).join('');
}

function formatAlike(alike: readonly Foresight[], mark: string): string {
  const [first] = alike;
  if (first === undefined) return '';
  const { suiteId, target, means, reason, remedy } = first;
  const models = [...new Set(alike.map(({ modelId }) => modelId))].join(', ');
  const what = `${models} (${variantsOf(alike)}) on ${formatTarget(target)} ${meanings[means]}`;
  return `${mark}${suiteId}: ${what}: ${reason}\n${' '.repeat(mark.length)}next: ${remedy}\n`;
}

function variantsOf(alike: readonly Foresight[]): string {
  const variants = [...new Set(alike.map(({ variant }) => variant))];
  return variants.length > mostVariants ? formatCount(variants.length, 'variant') : variants.join(', ');
}
