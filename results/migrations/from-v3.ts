import { asArray, asObject, type Json } from './json.ts';

/** What version 4 added is null, and says so where it has a reason. */
export function fromV3(value: Json): Json {
  const moved = { ...value, schemaVersion: 4 };
  if (value.kind === 'cell') return { ...moved, outcome: outcome(asObject(value.outcome)) };
  if (value.kind !== 'group') return moved;
  return { ...moved, variants: asArray(value.variants).map(variantOf) };
}

function outcome(value: Json): Json {
  return value.status === 'measured' ? { ...value, labelConfusion: null } : value;
}

function variantOf(variant: Json): Json {
  const { distance } = variant;
  return {
    ...variant,
    distance: distance === null ? null : distanceOf(asObject(distance)),
    distanceReason: null,
  };
}

function distanceOf(distance: Json): Json {
  if (distance.kind !== 'generation') return distance;
  return { ...distance, divergence: null, divergenceReason: 'The record is from before it was computed.' };
}
