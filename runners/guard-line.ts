const end = ';';

/** Processes to kill, as a guard is told them. */
export function guardLine(pids: Iterable<number>): string {
  return `${[...pids].join(' ')}${end}\n`;
}

/** What a line names; null where its writer was killed before it was whole, since half a number is another process. */
export function readGuardLine(line: string): number[] | null {
  if (!line.endsWith(end)) return null;
  return line.slice(0, -end.length).split(' ').filter(Boolean).map(Number);
}
