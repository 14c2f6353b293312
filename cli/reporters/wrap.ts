/** Where nobody looks on, as in a log. */
const usualWidth = 100;

/** A text in lines that the terminal holds, all but the first indented; a longer word has a line of its own. */
export function wrap(text: string, indent = '', width = process.stdout.columns || usualWidth): string {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const line = lines.at(-1);
    if (line !== undefined && line.length + 1 + word.length <= width)
      lines[lines.length - 1] = `${line} ${word}`;
    else lines.push(line === undefined ? word : `${indent}${word}`);
  }
  return `${lines.join('\n')}\n`;
}
