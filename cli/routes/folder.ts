/** A parser of the paths of folders: an empty one would be the folder where the command runs. */
export function folder(text: string): string {
  if (text.trim() !== '') return text;
  throw new Error(`"${text}" is not the path of a folder; "." is the one where the command runs`);
}
