/** A heading as it reads within a sentence: `Accuracy` becomes `accuracy`, `RMSE` stays. */
export function withinSentence(heading: string): string {
  return heading.replace(/^[A-Z](?=[a-z])/, (first) => first.toLowerCase());
}
