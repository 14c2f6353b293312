import type { Metric } from '../metric.ts';

const reasons: Readonly<Record<string, string | undefined>> = {
  'max-error':
    'The largest error has no interval: resamples hold no error above the largest seen, however many samples there are (the bootstrap of a maximum is inconsistent).',
};

/** Why no interval can be made of a metric, whatever the number of samples; null where one can (Bickel & Freedman 1981). */
export function whyNoInterval({ id }: Metric): string | null {
  return reasons[id] ?? null;
}
