/** Nothing that runs has more axes; a damaged file may have tens of thousands. */
const mostAxes = 16;

/** `[batch, 2]`, as messages tell a shape; `any` where a size is not known. */
export function shownShape(shape: readonly (number | string | null)[]): string {
  const shown = shape.slice(0, mostAxes).map((size) => size ?? 'any');
  const rest = shape.length - shown.length;
  return `[${[...shown, ...(rest === 0 ? [] : [`and ${rest} more`])].join(', ')}]`;
}
