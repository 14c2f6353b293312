import type * as z from 'zod';
import type { Figure, Metric } from '../metric.ts';
import type { GenerationPredictions } from '../predictions.ts';
import { bleu, bleuCounts, type BleuOptions, bleuOfSums, bleuSignature } from './bleu.ts';
import { chrf, chrfCounts, chrfOfSums, chrfSignature } from './chrf.ts';
import { summedRows } from './count-rows.ts';
import { editCounts, editRate, editRateOfSums, type EditUnit } from './edit-rate.ts';
import { undefinedBecause, valued } from './figure.ts';
import { namedSamples } from './named-samples.ts';
import { configurable } from './metric-options.ts';
import { rouge, type RougeType, rougeWords } from './rouge.ts';
import { isWordless, squadExactMatches, squadF1s, type SquadVersion } from './squad.ts';
import { meanOf } from './sum.ts';
import { ter, terCounts, terOfSums, terSignature } from './ter.ts';
import { bleuOptions, chrfOptions, chrfWordsOptions, terOptions } from './text-options.ts';
import { blankDoubts, referenceFault, textFault } from './text-faults.ts';

type Given = GenerationPredictions;

const shared = {
  task: 'generation',
  unit: '',
  direction: 'higher-is-better',
  range: [0, 1],
  reads: 'decisions',
} as const;
const sacrebleu = { ...shared, range: [0, 100], oracle: 'sacrebleu 2.6.0' } as const;

const chrfOfCharacters = {
  id: 'chrf',
  formula: '100 * F2 of the mean precision and recall of 1- to 6-grams of characters',
  source: 'sacrebleu corpus_chrf; Popovic 2015',
} as const;
const chrfWithWords = {
  id: 'chrf++',
  formula: 'chrF2 with 1- and 2-grams of words',
  source: 'sacrebleu corpus_chrf (word_order=2); Popovic 2017',
} as const;

/** Metrics of generated text against references. */
export const textMetrics: readonly Metric<'generation'>[] = [
  configurable(bleuOptions, bleuMetric),
  configurable(chrfOptions, chrfMetric),
  configurable(chrfWordsOptions, chrfMetric),
  configurable(terOptions, terMetric),
  rougeMetric(1, 'rouge-1', 'F1 of shared words'),
  rougeMetric(2, 'rouge-2', 'F1 of shared pairs of words'),
  rougeMetric('l', 'rouge-l', 'F1 of the longest common subsequence of words'),
  rougeMetric('lsum', 'rouge-lsum', 'F1 of the union of longest common subsequences, line by line'),
  {
    ...shared,
    id: 'exact-match',
    label: 'Exact match',
    oracle: 'NumPy 2.4.6 (definition)',
    formula: 'mean [text = a reference], to the character',
    source: 'equality of strings, code point by code point',
    compute: (given) => referenceFault(given) ?? valued(meanOf(exactMatches(given))),
    sampleScores: exactMatches,
    countsSamples: true,
  },
  ...(['1.1', '2'] as const).flatMap((version) => [
    squadMetric(version, squadExactMatches, { id: 'exact-match', label: 'exact match' }),
    squadMetric(version, squadF1s, { id: 'f1', label: 'F1' }),
  ]),
  editMetric('word', 'wer', 'Word error rate'),
  editMetric('character', 'cer', 'Character error rate'),
];

function bleuMetric(options: z.output<typeof bleuOptions>): Metric<'generation'> {
  return {
    ...sacrebleu,
    id: 'bleu',
    label: 'BLEU',
    formula: '100 * brevity penalty * geometric mean of the precision of 1- to 4-grams',
    source: 'sacrebleu corpus_bleu (13a, exp); Papineni et al. 2002',
    compute: (given) => referenceFault(given) ?? bleuFigure(given, options),
    signature: (given) => bleuSignature(allReferences(given), options),
    sampleSums: (given) => ({
      ...summedRows(bleuCounts(given.generated, allReferences(given), options)),
      metricOf: (sums) => bleuOfSums(sums, options).score,
    }),
  };
}

function chrfMetric(options: z.output<typeof chrfOptions>): Metric<'generation'> {
  const { wordOrder, beta } = options;
  return {
    ...sacrebleu,
    ...(wordOrder === 2 ? chrfWithWords : chrfOfCharacters),
    label: `chrF${beta}${wordOrder === 2 ? '++' : ''}`,
    compute: (given) =>
      referenceFault(given) ??
      valued(chrf(given.generated, allReferences(given), options), blankDoubts(given)),
    signature: (given) => chrfSignature(allReferences(given), options),
    sampleSums: (given) => ({
      ...summedRows(chrfCounts(given.generated, allReferences(given), options)),
      metricOf: (sums) => chrfOfSums(sums, options),
    }),
  };
}

function terMetric(options: z.output<typeof terOptions>): Metric<'generation'> {
  return {
    ...sacrebleu,
    id: 'ter',
    label: 'TER',
    unit: '%',
    direction: 'lower-is-better',
    range: [0, Infinity],
    formula: '100 * (edits, a move of words counting once) / mean number of reference words',
    source: 'sacrebleu corpus_ter; Snover et al. 2006',
    compute: (given) =>
      referenceFault(given) ??
      valued(ter(given.generated, allReferences(given), options), blankDoubts(given)),
    signature: (given) => terSignature(allReferences(given), options),
    sampleSums: (given) => ({
      ...summedRows(terCounts(given.generated, allReferences(given), options)),
      metricOf: terOfSums,
    }),
  };
}

function rougeMetric(type: RougeType, id: string, formula: string): Metric<'generation'> {
  const scores = (given: Given): Float64Array => rouge(given.generated, allReferences(given), type);
  return {
    ...shared,
    id,
    label: id.toUpperCase().replace('-LSUM', '-Lsum'),
    oracle: 'rouge-score 0.1.2',
    formula: `mean of ${formula}, the best reference`,
    source: 'rouge-score (use_stemmer=False); Lin 2004',
    compute: (given) => referenceFault(given) ?? valued(meanOf(scores(given)), wordlessDoubts(given, type)),
    sampleScores: scores,
  };
}

function squadMetric(
  version: SquadVersion,
  kernel: typeof squadF1s,
  { id, label }: { id: string; label: string },
): Metric<'generation'> {
  const percentages = (given: Given): Float64Array =>
    kernel(given.generated, allReferences(given), version).map((score) => 100 * score);
  const name = version === '1.1' ? 'squad' : 'squad2';
  return {
    ...shared,
    id: `${name}-${id}`,
    label: `SQuAD v${version} ${label}`,
    unit: '%',
    range: [0, 100],
    oracle: version === '1.1' ? 'evaluate-v1.1.py (allennlp 0.9.0)' : 'evaluate-v2.0.py (farm 0.8.0)',
    formula: `100 * mean of the best ${label} without case, punctuation and articles`,
    source:
      version === '1.1'
        ? 'Rajpurkar et al. 2016'
        : 'Rajpurkar, Jia & Liang 2018; an empty reference is no answer',
    compute: (given) => {
      const fault = textFault(given);
      if (fault !== null) return fault;
      const scores = percentages(given);
      return valued(meanOf(scores), name === 'squad' && id === 'f1' ? normalizedDoubts(given, scores) : []);
    },
    sampleScores: percentages,
  };
}

function editMetric(unit: EditUnit, id: string, label: string): Metric<'generation'> {
  return {
    ...shared,
    id,
    label,
    direction: 'lower-is-better',
    range: [0, Infinity],
    oracle: 'jiwer 4.0.0',
    formula: `inserted, deleted and replaced ${unit}s / ${unit}s of the references`,
    source: `jiwer ${id}; the first reference only`,
    compute: (given) =>
      referenceFault(given) ??
      finiteRate(editRate(given.generated, given.references, unit), blankDoubts(given)),
    sampleSums: (given) => ({
      ...summedRows(editCounts(given.generated, given.references, unit)),
      metricOf: editRateOfSums,
    }),
  };
}

function allReferences({ references, otherReferences }: Given): readonly (readonly string[])[] {
  return references.map((reference, sample) => [reference, ...(otherReferences?.[sample] ?? [])]);
}

function exactMatches(given: Given): Float64Array {
  const references = allReferences(given);
  return Float64Array.from(given.generated, (text, sample) => (references[sample]!.includes(text) ? 1 : 0));
}

function bleuFigure(given: Given, options: BleuOptions): Figure {
  const { score, matches } = bleu(given.generated, allReferences(given), options);
  const missing = matches.flatMap((count, index) => (count === 0 ? [`${index + 1}-grams`] : []));
  if (missing.length === 0) return valued(score, blankDoubts(given));
  const doubt = `no ${missing.join(' and no ')} match, so smoothing decides the score; read chrf instead`;
  return valued(score, [doubt, ...blankDoubts(given)]);
}

function wordlessDoubts({ ids, references }: Given, type: RougeType): string[] {
  const [needed, what] = type === 2 ? [2, 'pair of words'] : [1, 'word'];
  const named = namedSamples(ids, (sample) => rougeWords(references[sample]!).length < needed);
  return named === null
    ? []
    : [`ROUGE sees a to z and 0 to 9 only: the reference of ${named} has no ${what} and scores 0`];
}

function normalizedDoubts(given: Given, scores: Float64Array): string[] {
  const references = allReferences(given);
  const named = namedSamples(given.ids, (sample) => scores[sample] === 0 && isWordless(references[sample]!));
  return named === null
    ? []
    : [`no word is left of the reference of ${named} once it is normalised, and any text scores 0`];
}

function finiteRate(rate: number, doubts: string[]): Figure {
  return Number.isNaN(rate) ? undefinedBecause('the first references are all empty') : valued(rate, doubts);
}
