import { defaultTargetSettings } from '../target-schema.ts';
import { asObject, type Json } from './json.ts';

/** Version 3 keeps how a target was set; version 2 knew no settings. */
export function fromV2(value: Json): Json {
  const moved = { ...value, schemaVersion: 3 };
  return value.kind === 'run' ? moved : { ...moved, subject: subject(asObject(value.subject)) };
}

function subject(value: Json): Json {
  const target = { ...asObject(value.target), label: null, settings: defaultTargetSettings };
  return { ...value, target };
}
