import { readFileSync } from 'node:fs';

/** Reads a file the platform may not have: its text, or null. */
export type ReadText = (file: string) => string | null;

export const readTextIfThere: ReadText = (file) => {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return null;
  }
};
