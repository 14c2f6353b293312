/** A stored value that is not validated yet. */
export type Json = Record<string, unknown>;

/** Anything else is left to the schema to refuse. */
export function asObject(value: unknown): Json {
  return typeof value === 'object' && value !== null ? (value as Json) : {};
}

export function asArray(value: unknown): Json[] {
  return Array.isArray(value) ? value.map(asObject) : [];
}
