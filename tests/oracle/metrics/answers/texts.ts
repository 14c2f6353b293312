import { bleu, type BleuOptions, bleuSignature, type BleuSmoothing } from '../../../../tasks/metrics/bleu.ts';
import type { BleuTokenizer } from '../../../../tasks/metrics/bleu-tokenizers.ts';
import { chrf, type ChrfOptions, chrfSignature } from '../../../../tasks/metrics/chrf.ts';
import { metricById } from '../../../../tasks/metrics/registry.ts';
import type { GenerationPredictions } from '../../../../tasks/predictions.ts';
import { ter, terSignature } from '../../../../tasks/metrics/ter.ts';
import type { TercomOptions } from '../../../../tasks/metrics/tercom-words.ts';
import { type Answer, type Answerer, idsOf } from '../oracle-case.ts';

interface Given {
  texts: readonly string[];
  references: readonly (readonly string[])[];
  bleu: {
    lowercase: boolean;
    tokenize: BleuTokenizer;
    smooth_method: BleuSmoothing;
    effective_order: boolean;
  };
  chrf: {
    word_order: number;
    char_order: number;
    beta: number;
    lowercase: boolean;
    whitespace: boolean;
    eps_smoothing: boolean;
  };
  ter: { normalized: boolean; no_punct: boolean; asian_support: boolean; case_sensitive: boolean };
}

export const answerTexts: Answerer<Given> = (given) => {
  const predictions = predictionsOf(given);
  return (name) => {
    if (name in kernels) return kernels[name as keyof typeof kernels](given);
    const metric = metricById(name.replace(' signature', ''), 'generation');
    if (!name.endsWith(' signature')) return metric.compute(predictions).value;
    return oracleVersion(metric.signature?.(predictions) ?? null);
  };
};

const kernels = {
  'bleu options': ({ texts, references, bleu: options }: Given): Answer => {
    const score = bleu(texts, references, bleuOptions(options));
    return [score.score, ...score.precisions, score.brevityPenalty, score.textLength, score.referenceLength];
  },
  'bleu options signature': ({ references, bleu: options }: Given): Answer =>
    oracleVersion(bleuSignature(references, bleuOptions(options))),
  'chrf options': ({ texts, references, chrf: options }: Given): Answer =>
    chrf(texts, references, chrfOptions(options)),
  'chrf options signature': ({ references, chrf: options }: Given): Answer =>
    oracleVersion(chrfSignature(references, chrfOptions(options))),
  'ter options': ({ texts, references, ter: options }: Given): Answer =>
    ter(texts, references, terOptions(options)),
  'ter options signature': ({ references, ter: options }: Given): Answer =>
    oracleVersion(terSignature(references, terOptions(options))),
  'sentence bleu': ({ texts, references }: Given): Answer =>
    bleu(texts.slice(0, 1), references.slice(0, 1), { effectiveOrder: true }).score,
};

function predictionsOf({ texts, references }: Given): GenerationPredictions {
  return {
    kind: 'generation',
    ids: idsOf(texts.length),
    negativeLogLikelihood: new Float64Array(texts.length),
    tokens: new Int32Array(texts.length),
    floorNegativeLogLikelihood: null,
    generated: texts,
    references: references.map(([first = '']) => first),
    otherReferences: references.map(([, ...others]) => others),
  };
}

function bleuOptions({ lowercase, tokenize, smooth_method, effective_order }: Given['bleu']): BleuOptions {
  return { lowercase, tokenize, smoothing: smooth_method, effectiveOrder: effective_order };
}

function chrfOptions({
  word_order,
  char_order,
  beta,
  lowercase,
  whitespace,
  eps_smoothing,
}: Given['chrf']): ChrfOptions {
  return {
    wordOrder: word_order,
    charOrder: char_order,
    beta,
    lowercase,
    whitespace,
    epsSmoothing: eps_smoothing,
  };
}

function terOptions({ normalized, no_punct, asian_support, case_sensitive }: Given['ter']): TercomOptions {
  return {
    normalized,
    punctuation: !no_punct,
    asianSupport: asian_support,
    caseSensitive: case_sensitive,
  };
}

/** Assay marks the version as its own; the rest must be the oracle's to the letter. */
function oracleVersion(signature: string | null): string | null {
  return signature?.replace(/-assay$/, '') ?? null;
}
