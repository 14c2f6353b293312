const unitsMs: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };
/** A timer of Node holds no more. */
const mostMs = 2 ** 31 - 1;

/** Milliseconds of a time such as `90s`, `30m` or `1.5h`. */
export function duration(text: string): number {
  const [, count = '', unit = ''] = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(text) ?? [];
  const ms = Math.round(Number(count) * (unitsMs[unit] ?? NaN));
  if (ms >= 1 && ms <= mostMs) return ms;
  throw new Error(`"${text}" is not a time such as 90s, 30m or 1.5h, of at most 24 days`);
}

/** As `duration`; a number alone is of seconds. */
export function secondsOrDuration(text: string): number {
  return duration(/^\d+(?:\.\d+)?$/.test(text) ? `${text}s` : text);
}

/** As `duration` reads it: in the largest unit of which there are whole ones. */
export function durationText(ms: number): string {
  const [unit, unitMs] = Object.entries(unitsMs).findLast(([, size]) => ms % size === 0) ?? ['ms', 1];
  return `${ms / unitMs}${unit}`;
}
