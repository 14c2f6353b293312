import { approximateRandomizationP } from '../../core/statistics/approximate-randomization.ts';
import { clusteredMcnemarP } from '../../core/statistics/clustered-mcnemar.ts';
import { spreadOf } from '../../core/statistics/influence.ts';
import { mcnemar } from '../../core/statistics/mcnemar.ts';
import { signFlipP } from '../../core/statistics/sign-flip.ts';
import { studentTCdf } from '../../core/statistics/student-t.ts';
import type { EqualityTest } from './comparison.ts';
import { countHits, hitsOf } from './hit-evidence.ts';
import { contrast, influencesOfPair } from './influences.ts';
import type { Pair } from './pair.ts';
import { areIdentical } from './same-samples.ts';
import { plainScores } from './sample-scores.ts';
import { samplingOf, type Sampling } from './sampling.ts';
import { swappedDifference } from './swapped-difference.ts';

/** From so many samples or clusters on, the t test is as good as flipping signs and takes no time. */
const manyUnits = 1000;

/** Samples to swap in all resamples: a second or so. Computing the metric anew on each takes longer than adding up. */
const mostSwaps = { quick: 2e7, slow: 2e6 };
const resamples = 1000;

/**
 * Tests whether a variant is as good as its baseline, on the same samples: McNemar's for hits and misses, flipped signs for other
 * means, DeLong's for areas under the ROC curve, and for the rest outputs that trade places, as sacrebleu does (Riezler and
 * Maxwell 2005). Whole clusters are flipped or swapped where samples come in clusters. Null for a single cluster, outputs that are
 * identical, and too many samples to swap.
 */
export function equalityTest(pair: Pair): EqualityTest | null {
  const sampling = samplingOf(pair.baseline);
  if (sampling === null || areIdentical(pair.baseline, pair.variant)) return null;
  return (
    ofHits(pair, sampling) ?? ofMeans(pair, sampling) ?? ofAreas(pair, sampling) ?? ofSwaps(pair, sampling)
  );
}

function ofHits(pair: Pair, sampling: Sampling): EqualityTest | null {
  const hits = hitsOf(pair);
  if (hits === null) return null;
  if (sampling.noun === 'clusters')
    return { name: 'sign-flip', p: clusteredMcnemarP(sampling.total(hits.gains), pair.seed), midP: null };
  const { falls, rises } = countHits(hits.gains);
  const { exact, midP } = mcnemar(falls, rises);
  return { name: 'mcnemar', p: exact, midP };
}

function ofMeans(pair: Pair, sampling: Sampling): EqualityTest | null {
  const { metric, baseline, variant, seed } = pair;
  const [before, after] = [plainScores(metric, baseline), plainScores(metric, variant)];
  if (before === null || after === null) return null;
  if (sampling.units >= manyUnits) return byInfluences('student-t', pair, sampling);
  const differences = sampling.total(after.map((score, index) => score - before[index]!));
  return { name: 'sign-flip', p: signFlipP([...differences], seed), midP: null };
}

function ofAreas(pair: Pair, sampling: Sampling): EqualityTest | null {
  const questions = pair.metric.areaQuestions?.(pair.baseline) ?? null;
  return questions === null ? null : byInfluences('delong', pair, sampling);
}

/** The difference over its standard error; equal areas without any are as likely as can be. */
function byInfluences(name: 'student-t' | 'delong', pair: Pair, sampling: Sampling): EqualityTest | null {
  const difference = pair.values.after - pair.values.before;
  const [before, after] = influencesOfPair({ ...pair, sampling });
  if (before === null || after === null) return null;
  const influences = contrast(before, after);
  const { standardError, freedom } = spreadOf(influences.values, influences);
  if (standardError === 0) return difference === 0 ? { name, p: 1, midP: null } : null;
  return { name, p: 2 * studentTCdf(-Math.abs(difference) / standardError, freedom), midP: null };
}

function ofSwaps(pair: Pair, sampling: Sampling): EqualityTest | null {
  const { of: difference, isQuick } = swappedDifference(pair, sampling);
  if (pair.baseline.ids.length * resamples > mostSwaps[isQuick ? 'quick' : 'slow']) return null;
  const settings = { resamples, seed: pair.seed };
  const p = approximateRandomizationP({ samples: sampling.units, difference }, settings);
  return { name: 'approximate-randomization', p, midP: null };
}
