import { formatCount } from '../../site/views/format.ts';

/** What is told of a variant of a model on a target; of all its variants where none is named. */
export interface Told {
  model: string;
  target: string;
  variant: string | null;
  text: string;
}

/** A line for each text: the variants of the first group that it holds for, and of how many groups more it does. */
export function joinedLines(items: readonly Told[]): string[] {
  return [...Map.groupBy(items, ({ text }) => text)].map(([text, alike]) => {
    const groups = Map.groupBy(alike, ({ model, target }) => `${model}\n${target}`);
    const [first = [], ...more] = groups.values();
    const others = more.length === 0 ? '' : ` (and ${formatCount(more.length, 'more group')})`;
    return `${subjectOf(first)}${others}: ${text}`;
  });
}

/** `digits-cnn fp32, int8-dynamic on onnxruntime/cpu`. */
function subjectOf(group: readonly Told[]): string {
  const [first] = group;
  const names = group.flatMap(({ variant }) => variant ?? []);
  const variants = names.length === group.length ? ` ${nameSome(names, mostVariants)}` : '';
  return `${first?.model ?? ''}${variants} on ${first?.target ?? ''}`;
}

/** A suite can have dozens. */
export const mostVariants = 6;

/** `a, b and 3 more`, of distinct names. */
export function nameSome(names: readonly string[], most: number): string {
  const distinct = [...new Set(names)];
  const rest = distinct.length - most;
  const shown = distinct.slice(0, most).join(', ');
  return rest > 0 ? `${shown} and ${rest} more` : shown;
}
