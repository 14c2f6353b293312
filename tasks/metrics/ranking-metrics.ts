import type { Ids } from '../../core/ids.ts';
import { AssayError } from '../../core/errors.ts';
import type { Figure, Metric } from '../metric.ts';
import type { RankingPredictions } from '../predictions.ts';
import type { MetricFamily } from './family.ts';
import { undefinedBecause, valued } from './figure.ts';
import { namedSamples } from './named-samples.ts';
import { ndcg } from './ndcg.ts';
import { hasRelevant, isLeftToTies, ranked, type RankedLists } from './ranked-lists.ts';
import {
  averagePrecisionAt,
  hitAt,
  queryScores,
  type QueryScore,
  recallAt,
  reciprocalRank,
} from './ranking.ts';
import { requireLengths } from './required-lengths.ts';
import { hasOutside } from './scan.ts';
import { meanOf } from './sum.ts';

const shared = {
  task: 'ranking',
  unit: '',
  oracle: 'trec_eval 9 (pytrec-eval-terrier 0.5.11)',
  direction: 'higher-is-better',
  range: [0, 1],
  reads: 'ranks',
} as const;

export const rankingMetrics: readonly Metric<'ranking'>[] = [
  {
    ...shared,
    id: 'ndcg',
    label: 'NDCG',
    oracle: 'scikit-learn 1.9.1',
    formula: 'mean of sum of gain / log2(rank + 1) over the same in the best order',
    source: 'scikit-learn ndcg_score; Jarvelin & Kekalainen 2002',
    ...meanGain(),
  },
  {
    ...shared,
    id: 'mrr',
    label: 'Mean reciprocal rank',
    formula: 'mean of 1 / rank of the first relevant candidate',
    source: 'trec_eval recip_rank; Voorhees 1999',
    ...meanOverQueries(reciprocalRank),
  },
];

/** Ranking metrics of the first k candidates. */
export const rankingFamilies: readonly MetricFamily<'ranking'>[] = [
  atK('ndcg', meanGain, {
    label: 'NDCG',
    oracle: 'scikit-learn 1.9.1',
    formula: 'mean of sum over the first k of gain / log2(rank + 1) over the same in the best order',
    source: 'scikit-learn ndcg_score (k)',
  }),
  atK('map', (k) => meanOverQueries(averagePrecisionAt(k)), {
    label: 'Mean average precision',
    formula: 'mean of sum of precision at each relevant rank up to k / number of relevant candidates',
    source: 'trec_eval map_cut',
  }),
  atK('recall', (k) => meanOverQueries(recallAt(k)), {
    label: 'Recall',
    formula: 'mean of relevant among the first k / number of relevant candidates',
    source: 'trec_eval recall',
  }),
  atK('hit-rate', (k) => ({ ...meanOverQueries(hitAt(k)), countsSamples: true }), {
    label: 'Hit rate',
    formula: 'mean [a relevant candidate is among the first k]',
    source: 'trec_eval success',
  }),
];

/** What a metric computes. */
type Computed = Required<Pick<Metric<'ranking'>, 'compute' | 'sampleScores'>> &
  Pick<Metric<'ranking'>, 'countsSamples'>;

function atK(
  name: string,
  computed: (k: number) => Computed,
  described: Pick<Metric, 'label' | 'formula' | 'source'> & { oracle?: string },
): MetricFamily<'ranking'> {
  return {
    name,
    option: 'k',
    accepts: 'a whole number of candidates from 1',
    isAccepted: (k) => Number.isInteger(k) && k >= 1,
    metricOf: (k, id) => ({
      ...shared,
      ...described,
      id,
      label: `${described.label} of the first ${k}`,
      ...computed(k),
    }),
  };
}

/** Equal scores share their gains: their order plays no part. */
function meanGain(k?: number): Computed {
  const scores = (given: RankingPredictions): Float64Array => ndcg(ranked(given), k);
  return {
    compute: (given) => rankingFault(given) ?? valued(meanOf(scores(given)), emptyDoubts(given)),
    sampleScores: scores,
  };
}

function meanOverQueries(score: QueryScore): Computed {
  return {
    compute: (given) => rankingFault(given) ?? queriesFigure(given, score),
    sampleScores: (given) => queryScores(ranked(given), score),
  };
}

function queriesFigure(given: RankingPredictions, score: QueryScore): Figure {
  const lists = ranked(given);
  const doubts = [...emptyDoubts(given), ...tieDoubts(given.ids, lists, score)];
  return valued(meanOf(queryScores(lists, score)), doubts);
}

function rankingFault(given: RankingPredictions): Figure | null {
  const { ids, offsets, scores } = given;
  requireLengths(ids, undefined, { offsets: offsets.length - 1 });
  requireCandidates(given);
  if (ids.length === 0) return undefinedBecause('there are no samples');
  requireGains(given);
  if (!hasOutside(scores, -Number.MAX_VALUE, Number.MAX_VALUE)) return null;
  const isWild = (query: number): boolean =>
    !scores.subarray(offsets[query], offsets[query + 1]).every(Number.isFinite);
  return undefinedBecause(`scores must be finite numbers; not so for ${namedSamples(ids, isWild)!}`);
}

function requireGains({ ids, offsets, gains }: RankingPredictions): void {
  if (!hasOutside(gains, 0, Number.MAX_VALUE)) return;
  const isWrong = (query: number): boolean =>
    hasOutside(gains.subarray(offsets[query], offsets[query + 1]), 0, Number.MAX_VALUE);
  throw new AssayError(
    'dataset-invalid',
    `Gains must be finite numbers from 0; not so for ${namedSamples(ids, isWrong)!}.`,
  );
}

function requireCandidates({ ids, offsets, scores, gains }: RankingPredictions): void {
  const end = offsets.at(-1) ?? 0;
  const isBackward = offsets.some((start, query) => query < ids.length && offsets[query + 1]! < start);
  if (offsets[0] === 0 && end === scores.length && end === gains.length && !isBackward) return;
  throw new AssayError(
    'dataset-invalid',
    `Offsets must rise from 0 to the number of candidates; found ${offsets[0] ?? 'none'} to ${end} for ${scores.length} scores and ${gains.length} gains.`,
  );
}

function emptyDoubts(given: RankingPredictions): string[] {
  const named = namedSamples(given.ids, (query) => !hasRelevant(given, query));
  return named === null ? [] : [`no candidate is relevant in ${named}, which counts as 0`];
}

function tieDoubts(ids: Ids, lists: RankedLists, score: QueryScore): string[] {
  const named = namedSamples(ids, (query) => isLeftToTies(lists, query, score));
  return named === null
    ? []
    : [`which of equal scores ranks first decides ${named}: the later candidate does; read ndcg instead`];
}
