import type { TaskKind } from '../../core/task-kind.ts';
import { metricIds } from '../../tasks/metrics/registry.ts';

/** Which kind the predictions of a data set are, and what is asked of them: every metric of the kind, or a part. */
const asked: Record<string, { kind: TaskKind; isAsked?: (id: string) => boolean }> = {
  regression: { kind: 'regression' },
  binary: {
    kind: 'classification',
    isAsked: (id) => !/^top-k|^roc-auc-(weighted|micro|ovo)/.test(id),
  },
  classes: { kind: 'classification', isAsked: (id) => !/-binary|^roc-auc-partial/.test(id) },
  multilabel: { kind: 'multilabel', isAsked: (id) => !isRankedBySample(id) },
  'multilabel-samples': { kind: 'multilabel', isAsked: (id) => isRankedBySample(id) },
  ranking: { kind: 'ranking' },
  likelihood: { kind: 'generation', isAsked: (id) => isLikelihood(id) },
  texts: { kind: 'generation', isAsked: (id) => id !== 'ter' && !isLikelihood(id) },
  ter: { kind: 'generation', isAsked: (id) => id === 'ter' },
  tagging: { kind: 'tagging' },
};

/** The number that each family is asked with; a family that has none here is an error. */
const numbers: Record<string, number> = {
  pinball: 0.9,
  'f-beta-macro': 2,
  'f-beta-micro': 2,
  'f-beta-weighted': 2,
  'f-beta-binary': 2,
  'f-beta-samples': 2,
  'roc-auc-partial': 0.1,
  'top-k-accuracy': 2,
  ece: 10,
  ndcg: 5,
  map: 5,
  recall: 5,
  'hit-rate': 5,
};

/** The ids of every metric that is asked of a data set. */
export function idsOf(set: string): string[] {
  const { kind, isAsked = () => true } = asked[set] ?? unknownSet(set);
  return metricIds(kind).map(numbered).filter(isAsked);
}

export const setNames: readonly string[] = Object.keys(asked);

/** Whether SET/ID is among what was named on the command line: everything where that is nothing. */
export function isChosen(name: string, chosen: readonly string[]): boolean {
  return chosen.length === 0 || chosen.some((asked) => name === asked || name.startsWith(`${asked}/`));
}

function numbered(id: string): string {
  const [family = id, accepts] = id.split('@');
  if (accepts === undefined) return id;
  if (numbers[family] === undefined) throw new Error(`bench/metrics/ids.ts has no number for "${id}".`);
  return `${family}@${numbers[family]}`;
}

function isRankedBySample(id: string): boolean {
  return id === 'roc-auc-samples' || id === 'average-precision-samples';
}

function isLikelihood(id: string): boolean {
  return id.startsWith('perplexity') || id === 'bits-per-byte';
}

function unknownSet(set: string): never {
  throw new Error(`Unknown data set "${set}"; accepted: ${Object.keys(asked).join(', ')}.`);
}
