/** The escapes of XML written out, in the order of mteval-v13a. */
export function unescaped(line: string): string {
  if (!line.includes('&')) return line;
  return line
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>');
}

/** Splits off ASCII signs other than those that numbers and words hold. */
export function separateSigns(line: string): string {
  return line.replace(/[{-~[-` -&(-+:-@/]/g, ' $& ');
}

/** Splits off full stops, commas and dashes where they are not within a number. */
export function separateStops(line: string): string {
  return line
    .replace(/([^0-9])([.,])/g, '$1 $2 ')
    .replace(/([.,])([^0-9])/g, ' $1 $2')
    .replace(/([0-9])-/g, '$1 - ');
}
