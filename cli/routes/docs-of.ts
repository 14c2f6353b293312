/** Help that begins with what the list of commands says, since stricli shows the one or the other. */
export function docsOf(brief: string, more: string): { brief: string; fullDescription: string } {
  return { brief, fullDescription: `${brief}.\n${more}` };
}
