import { balancedAccuracy, cohenKappa, matthewsCorrelation } from '../../../tasks/metrics/agreement.ts';
import { bleu, type BleuOptions, bleuSignature } from '../../../tasks/metrics/bleu.ts';
import { bleuTokenizers } from '../../../tasks/metrics/bleu-tokenizers.ts';
import { chrf, type ChrfOptions, chrfSignature } from '../../../tasks/metrics/chrf.ts';
import {
  averaged,
  type AverageOptions,
  type ClassScore,
  fBeta,
  jaccard,
  precision,
  recall,
} from '../../../tasks/metrics/class-scores.ts';
import {
  type ClassCounts,
  classCounts,
  type ConfusionMatrix,
  confusionMatrix,
  normalizedConfusion,
} from '../../../tasks/metrics/confusion.ts';
import { explainedVariance, type ExplainedOptions, r2 } from '../../../tasks/metrics/explained.ts';
import { overLabels, overPairs } from '../../../tasks/metrics/label-scores.ts';
import {
  hammingLoss,
  labelCounts,
  labelRankingPrecisions,
  type LabelSets,
  meanOverSamples,
  subsetAccuracy,
} from '../../../tasks/metrics/multilabel.ts';
import {
  brierScore,
  logLoss,
  meanProbabilityLoss,
  type ProbabilityLoss,
  topKMiss,
} from '../../../tasks/metrics/probability.ts';
import { wordsOf } from '../../../tasks/metrics/python-text.ts';
import { ndcg } from '../../../tasks/metrics/ndcg.ts';
import { ranked } from '../../../tasks/metrics/ranked-lists.ts';
import { metricById } from '../../../tasks/metrics/registry.ts';
import { absolutePercentageError, medianAbsoluteError, meanLoss } from '../../../tasks/metrics/regression.ts';
import { averagePrecision, rocAuc, thresholdsOf } from '../../../tasks/metrics/roc.ts';
import { meanOf } from '../../../tasks/metrics/sum.ts';
import { ter, terSignature } from '../../../tasks/metrics/ter.ts';
import type { ClassificationPredictions, RegressionPredictions } from '../../../tasks/predictions.ts';
import { type Answer, idsOf } from '../../oracle/metrics/oracle-case.ts';

type Numbers = readonly number[];
type Average = AverageOptions['average'];
type Answers = Record<string, () => Answer>;

/** Ours has no number for what is not finite. */
function finite(value: number): Answer {
  return Number.isFinite(value) ? value : null;
}

const f64 = (values: Numbers): Float64Array => Float64Array.from(values);
const i32 = (values: Numbers): Int32Array => Int32Array.from(values);

// Classes

const scores: ClassScore[] = [precision, recall, fBeta(1)];

function confusionOf(y: Numbers, p: Numbers, weights?: Numbers): ConfusionMatrix {
  const classes = Math.max(...y, ...p) + 1;
  return confusionMatrix(i32(y), i32(p), { classes, sampleWeights: weights && f64(weights) });
}

interface Asked {
  average: Average;
  labels?: Numbers;
  zeroDivision?: number;
  weights?: Numbers;
}

/** Precision, recall and F1, and a null where scikit-learn has the support of no average. */
function prf(y: Numbers, p: Numbers, { average, labels, zeroDivision = 0, weights }: Asked): Answer {
  const confusion = confusionOf(y, p, weights);
  const options = { average, zeroDivision, labels: labels ?? confusion.present };
  return [...scores.map((score) => finite(averaged(classCounts(confusion), score, options))), null];
}

/** The same of the positive one of two classes. */
function binaryPrf(y: Numbers, p: Numbers, zeroDivision: number): Answer {
  const counts = classCounts(confusionMatrix(i32(y), i32(p), { classes: 2 }));
  return [...scores.map((score) => finite(score(counts, zeroDivision)[1] ?? NaN)), null];
}

function eachClass(counts: ClassCounts, labels: Numbers): Answer {
  const picked = (values: Float64Array): number[] => labels.map((label) => values[label] ?? 0);
  return [...scores.map((score) => picked(score(counts, 0))), picked(counts.expected)];
}

const [y6, p6] = [
  [0, 1, 2, 0, 1, 2],
  [0, 2, 1, 0, 0, 1],
];

const averages: Average[] = ['micro', 'macro', 'weighted'];

const classAnswers: Answers = {
  ...Object.fromEntries(averages.map((average) => [`prf ${average} basic`, () => prf(y6, p6, { average })])),
  'prf None, class 3 only in y_pred': () =>
    eachClass(classCounts(confusionOf([0, 0, 1], [0, 3, 1])), [0, 1, 3]),
  'prf macro, class 3 only in y_pred': () => prf([0, 0, 1], [0, 3, 1], { average: 'macro' }),
  ...Object.fromEntries(
    [0, 1, NaN].flatMap((zeroDivision) => {
      const zd = Number.isNaN(zeroDivision) ? 'nan' : zeroDivision;
      const absent = { labels: [0, 1, 9], zeroDivision };
      return [
        [
          `prf macro labels=[0,1,9] (9 absent) zd=${zd}`,
          () => prf([0, 0, 1], [0, 1, 1], { ...absent, average: 'macro' }),
        ],
        [
          `prf weighted labels=[0,1,9] zd=${zd}`,
          () => prf([0, 0, 1], [0, 1, 1], { ...absent, average: 'weighted' }),
        ],
        [`prf binary all-neg truth&pred zd=${zd}`, () => binaryPrf([0, 0], [0, 0], zeroDivision)],
        [`prf binary truth all neg, pred pos zd=${zd}`, () => binaryPrf([0, 0], [1, 0], zeroDivision)],
        [`prf binary truth pos, none predicted zd=${zd}`, () => binaryPrf([1, 0], [0, 0], zeroDivision)],
      ];
    }),
  ),
  'micro with labels subset [1,2] P!=R': () => prf(y6, p6, { average: 'micro', labels: [1, 2] }),
  'weighted prf + sample_weight': () =>
    prf(y6, p6, { average: 'weighted', weights: [0.5, 1, 2, 0.25, 3, 1] }),
  'balanced_acc class only in pred': () => balancedAccuracy(confusionOf([0, 0, 1], [0, 3, 1])),
  'mcc all one class': () => matthewsCorrelation(confusionOf([1, 1, 1], [1, 1, 1])),
  'mcc constant pred': () => matthewsCorrelation(confusionOf([1, 0, 1], [1, 1, 1])),
  'mcc multiclass': () => matthewsCorrelation(confusionOf(y6, p6)),
  'kappa one label': () => finite(cohenKappa(confusionOf([1, 1], [1, 1]))),
  'kappa quadratic': () => cohenKappa(confusionOf([0, 1, 2, 2], [0, 2, 2, 1]), 'quadratic'),
  'confmat labels drop': () => {
    const { counts } = confusionOf([0, 1, 2], [0, 2, 1]);
    return [0, 1].map((row) => [0, 1].map((column) => counts[3 * row + column] ?? 0));
  },
  'confmat normalize=true w/ empty row': () => {
    const shares = normalizedConfusion(confusionOf([0, 0], [0, 1]), 'expected');
    return [[...shares.slice(0, 2)], [...shares.slice(2)]];
  },
};

// Sets of labels

const sets: LabelSets = {
  expected: Uint8Array.of(1, 0, 1, 0, 0, 0, 1, 1, 0),
  predicted: Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 1, 1),
  labels: 3,
};

function ofSets(average: Average): Answer {
  const options = { average, labels: [0, 1, 2] };
  return [...scores.map((score) => averaged(labelCounts(sets), score, options)), null];
}

function ofSamples(zeroDivision: number): Answer {
  return [...scores.map((score) => meanOverSamples(sets, score, zeroDivision).mean), null];
}

const multilabelAnswers: Answers = {
  ...Object.fromEntries(averages.map((average) => [`multilabel prf ${average}`, () => ofSets(average)])),
  'multilabel prf samples': () => ofSamples(0),
  'multilabel prf None': () => eachClass(labelCounts(sets), [0, 1, 2]),
  'multilabel samples zd=1': () => ofSamples(1),
  'multilabel accuracy (subset)': () => subsetAccuracy(sets),
  'multilabel hamming': () => hammingLoss(sets),
  'multilabel jaccard samples': () => meanOverSamples(sets, jaccard).mean,
  LRAP: () => {
    const ranked = { expected: Uint8Array.of(1, 0, 0, 0, 0, 1), predicted: new Uint8Array(6), labels: 3 };
    return meanOf(labelRankingPrecisions(ranked, f64([0.75, 0.5, 1, 1, 0.2, 0.1])));
  },
};

// Scores

function auc(
  y: Numbers,
  s: Numbers,
  options: { weights?: Numbers; maxFalsePositiveRate?: number } = {},
): Answer {
  const given = {
    isPositive: Uint8Array.from(y),
    scores: f64(s),
    sampleWeights: options.weights && f64(options.weights),
  };
  return finite(rocAuc(given, options));
}

function ap(y: Numbers, s: Numbers): Answer {
  return averagePrecision({ isPositive: Uint8Array.from(y), scores: f64(s) });
}

const y4 = [0, 0, 1, 1];
const s4 = [0.1, 0.4, 0.35, 0.8];
const s6 = [0.6, 0.3, 0.1, 0.2, 0.5, 0.3, 0.1, 0.3, 0.6, 0.5, 0.4, 0.1, 0.3, 0.3, 0.4, 0.2, 0.2, 0.6];
const t6 = [0, 1, 2, 0, 1, 2];

function classesOf(expected: Numbers, scores: Numbers) {
  return { expected: i32(expected), labels: 3, scores: f64(scores) };
}

function probabilityLoss(
  loss: ProbabilityLoss,
  [expected, probabilities]: readonly [Numbers, Numbers],
  weights?: Numbers,
): number {
  const classes = probabilities.length / expected.length;
  const given = { expected: i32(expected), probabilities: f64(probabilities), classes };
  return meanProbabilityLoss(loss, { ...given, sampleWeights: weights && f64(weights) });
}

/** The probability of the second of two classes, as both. */
function both(probabilities: Numbers): number[] {
  return probabilities.flatMap((probability) => [1 - probability, probability]);
}

function oneQuery(gains: Numbers, scores: Numbers): Answer {
  const list = { offsets: Int32Array.of(0, gains.length), scores: f64(scores), gains: f64(gains) };
  return ndcg(ranked(list))[0] ?? null;
}

function rocCurve(): Answer {
  const { truePositives, falsePositives } = thresholdsOf({
    isPositive: Uint8Array.from(y4),
    scores: f64(s4),
  });
  const rates = (counts: Float64Array): number[] => [0, ...Array.from(counts, (count) => count / 2)];
  return [rates(falsePositives), rates(truePositives), [null, ...s4.toSorted((a, b) => b - a)]];
}

function precisionRecallCurve(): Answer {
  const { truePositives, falsePositives } = thresholdsOf({
    isPositive: Uint8Array.from(y4),
    scores: f64(s4),
  });
  const hits = [...truePositives].reverse();
  const alarms = [...falsePositives].reverse();
  const precisions = hits.map((hit, index) => hit / (hit + (alarms[index] ?? 0)));
  return [[...precisions, 1], [...hits.map((hit) => hit / 2), 0], s4.toSorted((a, b) => a - b)];
}

const scoreAnswers: Answers = {
  'auc ties': () => auc(y4, [0.5, 0.5, 0.5, 0.9]),
  'auc all tied': () => auc([0, 1, 0, 1], [0.5, 0.5, 0.5, 0.5]),
  'auc one class': () => auc([1, 1], [0.2, 0.3]),
  'auc sample_weight': () => auc(y4, s4, { weights: [1, 2, 3, 4] }),
  'auc zero weights drop': () => auc(y4, s4, { weights: [1, 0, 3, 4] }),
  'auc max_fpr .5': () => auc(y4, s4, { maxFalsePositiveRate: 0.5 }),
  'auc multiclass ovr macro': () => overLabels(classesOf(t6, s6), rocAuc, 'macro'),
  'auc multiclass ovr weighted': () => overLabels(classesOf(t6, s6), rocAuc, 'weighted'),
  'auc multiclass ovo macro': () => overPairs(classesOf(t6, s6), rocAuc, 'macro'),
  'auc multiclass ovo weighted': () => overPairs(classesOf(t6, s6), rocAuc, 'weighted'),
  'auc ovr micro': () => overLabels(classesOf(t6, s6), rocAuc, 'micro'),
  'auc multiclass missing class w/ labels': () =>
    finite(overLabels(classesOf([0, 1, 0, 1], s6.slice(0, 12)), rocAuc, 'macro')),
  'AP ties': () => ap([0, 1, 1, 0], [0.5, 0.5, 0.5, 0.1]),
  'AP no positives': () => ap([0, 0], [0.5, 0.1]),
  'AP all positives': () => ap([1, 1], [0.5, 0.1]),
  'roc_curve drop_intermediate': rocCurve,
  pr_curve: precisionRecallCurve,
  'log_loss p=0 for true (f64)': () =>
    probabilityLoss(logLoss, [
      [0, 1],
      [1, 0, 1, 0],
    ]),
  'log_loss perfect f64': () =>
    probabilityLoss(logLoss, [
      [0, 1],
      [1, 0, 0, 1],
    ]),
  'log_loss not normalised rows': () =>
    probabilityLoss(logLoss, [
      [0, 1],
      [0.5, 0.1, 0.1, 0.5],
    ]),
  'log_loss one label labels=[0,1]': () => probabilityLoss(logLoss, [[1, 1], both([0.4, 0.6])]),
  'log_loss sw': () => probabilityLoss(logLoss, [[0, 1, 1], both([0.1, 0.6, 0.8])], [1, 2, 0]),
  'brier binary': () => probabilityLoss(brierScore, [[0, 1, 1], both([0.1, 0.6, 0.8])]),
  'brier multiclass': () => probabilityLoss(brierScore, [t6, s6]),
  'top2 acc': () => 1 - probabilityLoss(topKMiss(2), [t6, s6]),
  'top1 ties (last index wins)': () =>
    1 -
    probabilityLoss(topKMiss(1), [
      [0, 1, 2],
      [0.4, 0.4, 0.2, 0.4, 0.4, 0.2, 0.2, 0.4, 0.4],
    ]),
  'ndcg ties': () => oneQuery([3, 2, 0, 1], [0.5, 0.5, 0.1, 0.1]),
  'ndcg all irrelevant': () => oneQuery([0, 0, 0], [0.5, 0.4, 0.1]),
};

// Regression

function ofR2(y: Numbers, p: Numbers, options: ExplainedOptions = {}): Answer {
  return finite(r2(f64(y), f64(p), options));
}

function medianError(weights: Numbers): Answer {
  return medianAbsoluteError(f64([1, 2, 3, 4]), f64([1, 1, 1, 1]), { sampleWeights: f64(weights) });
}

const [yr, pr] = [
  [3, -0.5, 2, 7],
  [2.5, 0, 2, 8],
];

const regressionAnswers: Answers = {
  'r2 const target perfect': () => ofR2([2, 2, 2], [2, 2, 2]),
  'r2 const target imperfect': () => ofR2([2, 2, 2], [2, 2, 3]),
  'r2 const target, force_finite False': () => ofR2([2, 2, 2], [2, 2, 3], { forceFinite: false }),
  'r2 const perfect, force_finite False': () => ofR2([2, 2, 2], [2, 2, 2], { forceFinite: false }),
  'r2 one sample': () => ofR2([2], [2]),
  'r2 sw': () => ofR2(yr, pr, { sampleWeights: f64([1, 2, 3, 4]) }),
  'r2 variance_weighted': () =>
    ofR2([0.5, 1, -1, 1, 7, -6], [0, 2, -1, 2, 8, -5], { outputs: 2, multioutput: 'variance-weighted' }),
  'r2 raw, one output const': () => [ofR2([1, 2], [1, 2]), ofR2([5, 5], [5, 6])],
  'mape zero target': () => meanLoss(absolutePercentageError)(f64([0, 1]), f64([1, 1])),
  'medae sw': () => medianError([1, 1, 1, 1]),
  'medae sw2': () => medianError([1, 2, 1, 4]),
  'explained var': () => explainedVariance(f64(yr), f64(pr)),
};

// Text

const texts = ['the cat sat on the mat .', 'hello world'];
const references = [
  ['the cat is on the mat .', 'a cat sat on the mat .'],
  ['hello there world', 'hello world !'],
];

/** The signature as the oracle writes it; Assay marks the version as its own. */
function signed(signature: string): string {
  expectMark(signature);
  return signature.replace(/-assay$/, '');
}

function expectMark(signature: string): void {
  if (!signature.endsWith('version:2.6.0-assay')) throw new Error(`unmarked signature ${signature}`);
}

function ofBleu(options: BleuOptions): Answer {
  const found = bleu(texts, references, options);
  const { score, precisions, brevityPenalty, textLength, referenceLength } = found;
  return [
    score,
    precisions,
    brevityPenalty,
    textLength,
    referenceLength,
    signed(bleuSignature(references, options)),
  ];
}

function oneBleu(text: string, reference: string, options: BleuOptions = {}): number {
  return bleu([text], [[reference]], options).score;
}

function ofChrf(options: ChrfOptions): Answer {
  return [chrf(texts, references, options), signed(chrfSignature(references, options))];
}

const sample = "Hello, world! It's 3.14, 1,000-2 &quot;x&quot; <skipped>a-b.";

const textAnswers: Answers = {
  'BLEU {}': () => ofBleu({}),
  "BLEU {'smooth_method': 'none'}": () => ofBleu({ smoothing: 'none' }),
  "BLEU {'smooth_method': 'floor'}": () => ofBleu({ smoothing: 'floor' }),
  "BLEU {'smooth_method': 'add-k'}": () => ofBleu({ smoothing: 'add-k' }),
  ...Object.fromEntries(
    (['none', 'intl', 'char', 'zh'] as const).map((tokenize) => [
      `BLEU {'tokenize': '${tokenize}'}`,
      () => ofBleu({ tokenize }),
    ]),
  ),
  "BLEU {'lowercase': True}": () => ofBleu({ lowercase: true }),
  "BLEU {'effective_order': True}": () => ofBleu({ effectiveOrder: true }),
  'BLEU empty hyp': () => oneBleu('', 'a b c d'),
  'BLEU empty hyp and ref': () => oneBleu('', ''),
  'BLEU no match': () => oneBleu('x y z w', 'a b c d'),
  'BLEU short exact, no eff': () => oneBleu('a b', 'a b'),
  'BLEU short exact, eff': () => oneBleu('a b', 'a b', { effectiveOrder: true }),
  'sentence_bleu short': () => oneBleu('a b c', 'a b d', { effectiveOrder: true }),
  'BLEU None refs (variable refs)': () => {
    const uneven = [['a b c d', 'a b c e'], ['e f g h']];
    return [bleu(['a b c d', 'e f g h'], uneven).score, signed(bleuSignature(uneven))];
  },
  '13a sample': () => wordsOf(bleuTokenizers['13a'](sample)).join(' '),
  'intl sample': () => wordsOf(bleuTokenizers.intl("Hello, world! It's 3.14, 1,000-2 «x» a-b.")).join(' '),
  'chrF {}': () => ofChrf({}),
  "chrF {'word_order': 2}": () => ofChrf({ wordOrder: 2 }),
  "chrF {'eps_smoothing': True}": () => ofChrf({ epsSmoothing: true }),
  "chrF {'whitespace': True}": () => ofChrf({ whitespace: true }),
  "chrF {'lowercase': True}": () => ofChrf({ lowercase: true }),
  "chrF {'beta': 1}": () => ofChrf({ beta: 1 }),
  'chrF empty hyp': () => chrf([''], [['abc']]),
  'chrF both empty': () => chrf([''], [['']]),
  'chrF both empty eps': () => chrf([''], [['']], { epsSmoothing: true }),
  'chrF short': () => chrf(['ab'], [['abc']]),
  'chrF astral': () => chrf(['a😀b'], [['a😀c']]),
  TER: () => [ter(texts, references), signed(terSignature(references))],
  'TER empty ref': () => ter(['a'], [['']]),
};

/** Our answer to every edge case of the golden file that we answer as the oracle does, by its name there. */
export const edgeCases: Answers = {
  ...classAnswers,
  ...multilabelAnswers,
  ...scoreAnswers,
  ...regressionAnswers,
  ...textAnswers,
};

// Where we differ

function classification(expected: Numbers, probabilities: Numbers): ClassificationPredictions {
  const classes = probabilities.length / expected.length;
  return {
    kind: 'classification',
    ids: idsOf(expected.length),
    labels: ['a', 'b', 'c'].slice(0, classes || 2),
    expected: i32(expected),
    predicted: new Int32Array(expected.length),
    probabilities: f64(probabilities),
  };
}

function regression(y: Numbers, p: Numbers): RegressionPredictions {
  return { kind: 'regression', ids: idsOf(y.length), expected: f64(y), predicted: f64(p) };
}

const compute = {
  classification: (id: string, given: ClassificationPredictions) =>
    metricById(id, 'classification').compute(given),
  regression: (id: string, given: RegressionPredictions) => metricById(id, 'regression').compute(given),
};

/** The cases we answer otherwise: `docs/metrics.md` says why. Where the oracle raises, we give no value, or one with a doubt. */
export const knownDeviations: Record<string, { ours: () => unknown; deviates: unknown }> = {
  'r2 const 0.1 float (tiny var)': {
    ours: () => compute.regression('r2', regression([0.1, 0.1, 0.1], [0.1, 0.1, 0.2])),
    deviates: {
      value: 0,
      reason: null,
      doubts: [
        'the expected values are (nearly) all alike, so there is no spread to explain; read an error such as mae instead',
      ],
    },
  },
  'ndcg ignore_ties': {
    ours: () => oneQuery([3, 2, 0, 1], [0.5, 0.5, 0.1, 0.1]),
    deviates: 0.9539682252597386,
  },
  'log_loss p=0 for true (f32)': {
    ours: () => compute.classification('log-loss', classification([0, 1], [1, 0, 1, 0])).value,
    deviates: 18.021826694558577,
  },
  'auc not summing to 1': {
    ours: () =>
      compute.classification(
        'roc-auc',
        classification(
          t6,
          s6.map((score) => score / 2),
        ),
      ),
    deviates: {
      value: 0.9166666666666666,
      reason: null,
      doubts: [
        'probabilities should sum to 1 and are taken as they are; not so for samples "s0", "s1", "s2" and 3 more',
        'fewer than 3 samples are of labels "a", "b", "c", and each of them decides the figure',
      ],
    },
  },
  'log_loss one label no labels=': {
    ours: () => compute.classification('log-loss', classification([1, 1], both([0.4, 0.6]))).value,
    deviates: 0.7135581778200729,
  },
  'log_loss p>1': {
    ours: () => compute.classification('log-loss', classification([0, 1], both([1.1, 0.5]))),
    deviates: {
      value: null,
      reason: 'probabilities must be from 0 to 1; not so for sample "s0"',
      doubts: [],
    },
  },
  'msle negative': {
    ours: () => compute.regression('msle', regression([-2, 1], [1, 1])),
    deviates: { value: null, reason: 'it takes values above -1; not so for sample "s0"', doubts: [] },
  },
  'f1 empty': {
    ours: () => compute.classification('f1-macro', classification([], [])),
    deviates: { value: null, reason: 'there are no samples', doubts: [] },
  },
  'acc empty': {
    ours: () => compute.classification('accuracy', classification([], [])),
    deviates: { value: null, reason: 'there are no samples', doubts: [] },
  },
};
