import { defaultTargetSettings } from '../target-schema.ts';
import { asArray, asObject, type Json } from './json.ts';

/** What version 3 added is null, or what version 2 always did: settings of targets, and the limits of a run. */
export function fromV2(value: Json): Json {
  const moved = { ...value, schemaVersion: 3 };
  if (value.kind === 'run') return { ...moved, limits: noLimits };
  const record = { ...moved, measurementId: null, subject: subject(asObject(value.subject)) };
  if (value.kind === 'cell') return { ...record, outcome: outcome(asObject(value.outcome)) };
  if (value.kind !== 'group') return record;
  return { ...record, variants: asArray(value.variants).map(variantOf) };
}

function variantOf(variant: Json): Json {
  return {
    ...variant,
    advice: null,
    layers: null,
    consistency: null,
    quality: asArray(variant.quality).map(untested),
    slices: asArray(variant.slices).map((slice) => ({
      ...slice,
      comparison: slice.comparison === null ? null : untested(asObject(slice.comparison)),
    })),
  };
}

function untested(comparison: Json): Json {
  return { ...comparison, equality: null };
}

const noLimits = { cellTimeoutMs: null, cellMemoryBytes: null, timeoutMs: null };

function subject(value: Json): Json {
  const target = { ...asObject(value.target), label: null, settings: defaultTargetSettings };
  return { ...value, target };
}

function outcome(value: Json): Json {
  return value.status === 'measured' ? { ...value, confusion: null } : value;
}
