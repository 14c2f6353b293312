import { createRandom } from '../../core/random.ts';
import type { Metric } from '../metric.ts';
import type { Predictions } from '../predictions.ts';
import { withAllExchanged, withOneFrom } from './exchanged.ts';
import { areAlike, sampleSums, sumAt } from './sample-sums.ts';
import { takeSamples } from './take-samples.ts';

/** Trying more samples than this changes the typical effect little, nor do more samples around them. */
const mostTried = 50;
const mostAround = 1000;

/**
 * What it changes of a metric that one sample gets the outputs of another, times the number of samples: 1 for accuracy. The mean
 * square over the mean, as larger changes weigh more.
 */
export function stepEffect(metric: Metric, all: Predictions): number {
  const predictions = fewOf(all);
  const changes = changesByStep(metric, predictions);
  const sum = changes.reduce((total, change) => total + change, 0);
  const squares = changes.reduce((total, change) => total + change * change, 0);
  return sum === 0 ? 0 : squares / sum;
}

/** Drawn at random: the first ones may be of one class. */
function fewOf(predictions: Predictions): Predictions {
  const { length } = predictions.ids;
  return length <= mostAround ? predictions : takeSamples(predictions, drawnOf(length));
}

/** All metrics of all cells on a dataset draw the same. */
let last = { length: 0, drawn: new Int32Array() };

function drawnOf(length: number): Int32Array {
  if (last.length !== length) {
    const shuffled = createRandom(length).shuffle(Array.from({ length }, (_, sample) => sample));
    last = { length, drawn: Int32Array.from(shuffled.slice(0, mostAround)) };
  }
  return last.drawn;
}

function changesByStep(metric: Metric, predictions: Predictions): number[] {
  const samples = predictions.ids.length;
  const value = metric.compute(predictions).value ?? NaN;
  const stepped = steppedMetric(metric, predictions);
  const stride = Math.ceil(samples / mostTried);
  return Array.from(
    { length: Math.ceil(samples / stride) },
    (_, index) => stepped(index * stride) ?? value,
  ).map((changed) => samples * Math.abs(changed - value));
}

/** The metric as it would be with the outputs of one sample exchanged. */
function steppedMetric(metric: Metric, predictions: Predictions): (sample: number) => number | null {
  const others = withAllExchanged(predictions);
  const [sums, otherSums] = [sampleSums(metric, predictions), sampleSums(metric, others)];
  if (sums === null || otherSums === null || !areAlike(sums, otherSums))
    return (sample) => metric.compute(withOneFrom(predictions, others, sample)).value;
  const total = sumAt(sums, Int32Array.from(predictions.ids.keys()));
  return (sample) => {
    const [own, other] = [sums, otherSums].map((one) => sumAt(one, Int32Array.of(sample))) as [
      Float64Array,
      Float64Array,
    ];
    return sums.metricOf(total.map((sum, column) => sum + other[column]! - own[column]!));
  };
}
