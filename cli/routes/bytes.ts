const units: Readonly<Record<string, number>> = {
  MB: 1e6,
  GB: 1e9,
  MiB: 2 ** 20,
  GiB: 2 ** 30,
};
/** Less than Node itself takes with a runtime loaded would end every cell. */
const least = 64 * 2 ** 20;

/** Bytes of a size such as `512MiB` or `2GB`. */
export function bytes(text: string): number {
  const [, count = '', unit = ''] = /^(\d+(?:\.\d+)?)([MG]i?B)$/.exec(text) ?? [];
  const size = Math.round(Number(count) * (units[unit] ?? NaN));
  if (size >= least && Number.isSafeInteger(size)) return size;
  throw new Error(`"${text}" is not a size such as 512MiB or 2GB, of at least 64MiB`);
}

/** As `bytes` reads it: in the largest unit of which there are whole ones, else in MB. */
export function bytesText(size: number): string {
  const [unit, unitBytes] = Object.entries(units).findLast(([, one]) => size % one === 0) ?? ['MB', 1e6];
  return `${size / unitBytes}${unit}`;
}
