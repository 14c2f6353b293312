/** Columns padded to their widest cell, headings in capitals, two spaces between; a cell of several lines is made one. Cells must not be coloured. */
export function formatTable(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [headings.map((heading) => heading.toUpperCase()), ...rows.map((row) => row.map(inOneLine))];
  const widths = headings.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  return all
    .map(
      (row) =>
        `${row
          .map((cell, column) => cell.padEnd(widths[column] ?? 0))
          .join('  ')
          .trimEnd()}\n`,
    )
    .join('');
}

/** Text of several lines, as errors of runtimes and of schemas are, in one. */
export function inOneLine(text: string): string {
  return text.replaceAll(/\s*[\n\r]\s*/g, ' ');
}
