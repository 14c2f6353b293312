import type { ScenarioRecord } from '../../results/schema.ts';
import type { ScenarioResult } from '../../results/scenario-schema.ts';
import {
  decimalsFor,
  formatCount,
  formatNumber,
  formatRange,
  formatSignificant,
  formatTime,
  formatTimes,
} from './format.ts';

type ScenarioName = ScenarioRecord['scenario'];

/** What each kind of load is called, and what it asks. */
export const scenarioTexts = {
  'single-stream': { title: 'Single stream', question: 'one sample after another' },
  'multi-stream': { title: 'Multi-stream', question: 'one query of several samples after another' },
  offline: { title: 'Offline', question: 'all samples at once: throughput over batch sizes' },
  server: { title: 'Server', question: 'random arrivals: the highest rate within a latency bound' },
  'thread-sweep': { title: 'Threads', question: 'latency over intra-op threads' },
} as const satisfies Record<ScenarioName, { title: string; question: string }>;

/** `p99.9` of 0.999. */
export function percentileName(probability: number): string {
  return `p${Number((probability * 100).toPrecision(6))}`;
}

/** `28,900 samples/s (27,000–30,000)`. */
export function throughputText({ samplesPerSecond, interval }: Throughput): {
  value: string;
  range: string | null;
} {
  const decimals = decimalsFor([{ value: samplesPerSecond, interval }]);
  return {
    value: formatNumber(samplesPerSecond, decimals),
    range: interval === null ? null : formatRange(interval, decimals),
  };
}

type Throughput = Pick<
  Extract<ScenarioResult, { scenario: 'offline' }>['best'],
  'samplesPerSecond' | 'interval'
>;

const shown: readonly number[] = [0.5, 0.9, 0.99];

/** What a scenario found, in one line. */
export function scenarioFinding(result: ScenarioResult): string {
  switch (result.scenario) {
    case 'single-stream':
    case 'multi-stream': {
      const known = result.percentiles.filter(({ probability }) => shown.includes(probability));
      const texts = known.flatMap(({ probability, ms }) =>
        ms === null ? [] : [`${percentileName(probability)} ${formatTime(ms)}`],
      );
      const size =
        result.scenario === 'multi-stream'
          ? `${formatCount(result.samplesPerQuery, 'sample')} a query: `
          : '';
      return texts.length === 0 ? `${result.queries} queries, too few` : `${size}${texts.join(', ')}`;
    }
    case 'offline': {
      const { value, range } = throughputText(result.best);
      return `${value} samples/s${range === null ? '' : ` (${range})`} at batch size ${result.best.batchSize}`;
    }
    case 'server':
      return serverFinding(result);
    case 'thread-sweep': {
      const best = result.points.reduce((a, b) => (b.speedUp > a.speedUp ? b : a));
      if (best.threads === 1) return `${formatTime(best.p50Ms)} with one thread; more are no faster`;
      const range = best.speedUpInterval === null ? '' : ` (${formatRange(best.speedUpInterval, 2)})`;
      return `${formatTimes(best.speedUp)}${range} with ${best.threads} threads`;
    }
  }
}

function serverFinding({
  bestQueriesPerSecond,
  latencyBoundMs,
  probability,
  workers,
}: Extract<ScenarioResult, { scenario: 'server' }>): string {
  const bound = `${percentileName(probability)} within ${formatTime(latencyBoundMs)}, ${formatCount(workers, 'worker')}`;
  if (bestQueriesPerSecond === null) return `no rate: ${bound}`;
  return `${formatSignificant(bestQueriesPerSecond)} queries/s: ${bound}`;
}
