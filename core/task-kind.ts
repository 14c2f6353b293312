/** How an output becomes a score, in the order in which they are told. */
export const taskKinds = [
  'regression',
  'classification',
  'multilabel',
  'ranking',
  'tagging',
  'generation',
] as const;

export type TaskKind = (typeof taskKinds)[number];
