/**
 * The choices that no other one beats: none is at least as good in every figure and better in one. Figures are costs, of which less is
 * better. Cheapest in the first figure first; equals count once.
 */
export function paretoSet<Choice>(
  choices: readonly Choice[],
  costsOf: (choice: Choice) => readonly number[],
): Choice[] {
  const kept: { choice: Choice; costs: readonly number[] }[] = [];
  const priced = choices.map((choice) => ({ choice, costs: costsOf(choice) }));
  // In this order nothing is beaten by what comes after it.
  for (const one of priced.sort((a, b) => inOrder(a.costs, b.costs)))
    if (!kept.some(({ costs }) => costs.every((cost, index) => cost <= (one.costs[index] ?? cost))))
      kept.push(one);
  return kept.map(({ choice }) => choice);
}

/** By the first figure that differs. */
function inOrder(a: readonly number[], b: readonly number[]): number {
  const at = a.findIndex((cost, index) => cost !== b[index]);
  return at === -1 ? 0 : (a[at] ?? 0) - (b[at] ?? 0);
}
