import { asArray, asObject, type Json } from './json.ts';

/**
 * Version 2 looks at timing evidence several times, and keeps percentiles with their intervals, a footprint and the
 * conditions of the timed processes. What version 1 did not measure is null.
 */
export function fromV1(value: Json): Json {
  const moved = { ...value, schemaVersion: 2, environment: environment(asObject(value.environment)) };
  if (value.kind === 'run') {
    const planned = { ...asObject(value.planned), scenarios: 0 };
    return { ...moved, planned, assayRevision: null };
  }
  const record = { ...moved, reusedFrom: null };
  return value.kind === 'group'
    ? { ...record, ...group(value) }
    : { ...record, outcome: scored(asObject(value.outcome)) };
}

/** An outcome whose metrics say that no signature was kept. */
function scored(outcome: Json): Json {
  if (outcome.status !== 'measured') return outcome;
  return { ...outcome, metrics: asArray(outcome.metrics).map((metric) => ({ ...metric, signature: null })) };
}

function environment(value: Json): Json {
  const cpu = { ...asObject(value.cpu), quota: null, governor: null };
  return { ...value, cpu, graphics: [], settings: {} };
}

function group(value: Json): Json {
  const { processes, ...timing } = asObject(value.timing);
  return {
    timing: { ...timing, looks: [processes] },
    // The rule of version 1 flagged a slowdown by one end of a 95 % interval.
    policy: { ...asObject(value.policy), falseAlarms: 0.025 },
    primaryMetric: null,
    variants: asArray(value.variants).map((variant) => ({
      ...variant,
      predictionsSha256: null,
      timed: timed(asObject(variant.timed)),
      latency: latency(variant.latency),
    })),
    control: latency(value.control),
  };
}

function timed(outcome: Json): Json {
  if (outcome.status !== 'measured') return outcome;
  const { p90Ms, p99Ms, loadMs, firstCallMs, ...profile } = asObject(outcome.profile);
  const percentiles = [percentile(0.9, p90Ms), percentile(0.99, p99Ms)];
  // Version 1 timed load and first call in the processes that compared latency; their number is that of the look.
  const footprint = { processes: 1, loadMs, firstCallMs, memory: null, outputs: null, floorMs: null };
  return { ...scored(outcome), profile: { ...profile, percentiles }, footprint, conditions: null };
}

function percentile(probability: number, ms: unknown): Json {
  return { probability, ms, interval: null, reason: ms === null ? 'too few calls' : null };
}

function latency(comparison: unknown): unknown {
  if (comparison === null || comparison === undefined) return comparison;
  const stored = asObject(comparison);
  const isWithheld = String(stored.reason).startsWith('Withheld');
  return { ...stored, isWithheld, evidence: null, noise: null, cpuRatio: null };
}
