import { joinBase } from './views/paths.ts';

/** A path from the root of the site as a link, below whatever base it is built for. */
export function url(path: string): string {
  return joinBase(assaySite.base, path);
}
