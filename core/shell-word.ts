/** A path or a name as a shell takes it for one word, so that a command that is told can be given as it stands. */
export function shellWord(word: string): string {
  return /^[\w./@:+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
