import path from 'node:path';

/** Whether a file lies in a folder or below, by its path alone: links are not followed. A name may begin with two dots. */
export function isInside(folder: string, file: string): boolean {
  const relative = path.relative(folder, file);
  return relative !== '' && relative.split(path.sep)[0] !== '..' && !path.isAbsolute(relative);
}
