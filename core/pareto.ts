/** What is weighed: less cost and more gain are better. */
export interface Weighing<Choice> {
  cost: (choice: Choice) => number;
  gain: (choice: Choice) => number;
}

/** The choices that no other one beats in both cost and gain, cheapest first; equals count once. */
export function paretoFrontier<Choice>(
  choices: readonly Choice[],
  { cost, gain }: Weighing<Choice>,
): Choice[] {
  const cheapestFirst = [...choices].sort((a, b) => cost(a) - cost(b) || gain(b) - gain(a));
  const frontier: Choice[] = [];
  for (const choice of cheapestFirst) {
    const last = frontier.at(-1);
    if (last === undefined || gain(choice) > gain(last)) frontier.push(choice);
  }
  return frontier;
}
