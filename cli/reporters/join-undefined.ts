import type { MetricValue } from '../../results/quality-schema.ts';
import { clip } from '../../site/views/format.ts';
import { nameSome } from './joined-lines.ts';

/** A metric that a variant has no value of. */
export interface Undefined {
  variant: string;
  metric: MetricValue;
}

/** Metrics that the same variants have no value of, for the same reason. */
export interface UndefinedAlike {
  variants: readonly string[];
  /** `Accuracy, ROC AUC: no sample is of class "yes"`. */
  text: string;
}

/** A model of many outputs has a metric of each. */
const mostMetrics = 20;

/** Why metrics have no value: those of the same variants and reason together, in the order of the first. */
export function joinUndefined(missing: readonly Undefined[]): UndefinedAlike[] {
  const byMetric = Map.groupBy(missing, ({ metric: { id, reason } }) => JSON.stringify([id, reason]));
  const byReason = Map.groupBy(byMetric.values(), (alike) =>
    JSON.stringify([variantsOf(alike), alike[0]?.metric.reason]),
  );
  return [...byReason.values()].map((alike) => {
    const firsts = alike.flatMap(([first]) => first ?? []);
    const labels = firsts.map(({ metric }) => clip(metric.label, 60));
    const reason = firsts[0]?.metric.reason ?? 'no reason was given';
    return { variants: variantsOf(alike[0] ?? []), text: `${nameSome(labels, mostMetrics)}: ${reason}` };
  });
}

function variantsOf(alike: readonly Undefined[]): string[] {
  return alike.map(({ variant }) => variant);
}
