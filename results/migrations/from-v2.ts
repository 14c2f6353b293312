import { defaultTargetSettings } from '../target-schema.ts';
import { asArray, asObject, type Json } from './json.ts';

/** Version 3 keeps how a target was set, what was advised, and how targets agree; version 2 knew and asked none of it. */
export function fromV2(value: Json): Json {
  const moved = { ...value, schemaVersion: 3 };
  if (value.kind === 'run') return { ...moved, limits: noLimits };
  const record = { ...moved, measurementId: null, subject: subject(asObject(value.subject)) };
  if (value.kind !== 'group') return record;
  return {
    ...record,
    variants: asArray(value.variants).map((variant) => ({
      ...variant,
      advice: null,
      layers: null,
      consistency: null,
    })),
  };
}

const noLimits = { cellTimeoutMs: null, cellMemoryBytes: null, timeoutMs: null };

function subject(value: Json): Json {
  const target = { ...asObject(value.target), label: null, settings: defaultTargetSettings };
  return { ...value, target };
}
