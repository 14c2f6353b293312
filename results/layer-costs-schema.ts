import * as z from 'zod';
import { directionSchema, intervalSchema } from './interval-schema.ts';

const text = z.string().min(1);

/** A variant beside its baseline, on samples of the test split. */
const layerScoreSchema = z.strictObject({
  /** Of the metric, variant - baseline; null where it is undefined. */
  difference: z.number().nullable(),
  interval: intervalSchema.nullable(),
  /** How far outputs moved; null where they are not finite. */
  distance: z.number().nullable(),
});

/** Which layers of a variant cost the quality: one of them quantized or converted at a time, and all but one. */
export const layerCostsSchema = z.strictObject({
  /** Null where it is undefined on every variant that was scored. */
  metric: z
    .strictObject({
      label: text,
      unit: z.string(),
      direction: directionSchema,
    })
    .nullable(),
  /** What distances are of, with their unit. */
  distanceName: text,
  /** How many there are; those with the most weights were scored. */
  layers: z.int().nonnegative(),
  /** Most costly first, by the distance of the layer alone. */
  costs: z.array(
    z.strictObject({
      /** Name of the node, or its first output where it has none. */
      node: z.string(),
      operator: text,
      weights: z.int().nonnegative(),
      alone: layerScoreSchema.nullable(),
      /** With this layer left in float32. */
      without: layerScoreSchema.nullable(),
      /** Why a score is null. */
      reason: z.string().nullable(),
    }),
  ),
});

export type LayerCosts = z.output<typeof layerCostsSchema>;
export type LayerScore = z.output<typeof layerScoreSchema>;
