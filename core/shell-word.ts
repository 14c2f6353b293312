/**
 * A path or a name as a shell takes it for one word, so that a command that is told can be given as it stands: those of Windows know no
 * other quotes than double ones, and take a backslash for itself.
 */
export function shellWord(word: string, platform: NodeJS.Platform = process.platform): string {
  if (platform === 'win32') return windowsWord(word);
  return /^[\w./@:+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** A backslash before the closing quote would be taken with it. */
function windowsWord(word: string): string {
  return /^[\w./\\:+-]+$/.test(word) ? word : `"${word.replace(/\\$/, '\\\\')}"`;
}
