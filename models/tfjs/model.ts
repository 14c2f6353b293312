import * as z from 'zod';

/** How a weight is stored where that is not as its own type; what `tensorflowjs` 4.22 writes and TF.js reads. */
const quantizationSchema = z.discriminatedUnion('dtype', [
  z.looseObject({ dtype: z.literal('uint8'), scale: z.number(), min: z.number() }),
  z.looseObject({ dtype: z.literal('uint16'), scale: z.number(), min: z.number() }),
  z.looseObject({ dtype: z.literal('float16') }),
]);

const weightSpecSchema = z.looseObject({
  name: z.string(),
  shape: z.array(z.int().nonnegative()),
  dtype: z.enum(['float32', 'int32', 'bool', 'string', 'complex64']),
  quantization: quantizationSchema.optional(),
});

/** What Assay reads of a `model.json`; every other field is kept. */
export const modelFileSchema = z.looseObject({
  format: z.enum(['layers-model', 'graph-model']).optional(),
  modelTopology: z.record(z.string(), z.unknown()),
  weightsManifest: z.array(z.looseObject({ paths: z.array(z.string()), weights: z.array(weightSpecSchema) })),
});

export type ModelFile = z.output<typeof modelFileSchema>;
export type WeightSpec = z.output<typeof weightSpecSchema>;

/** A weight as it is stored, little-endian. */
export interface Weight {
  spec: WeightSpec;
  bytes: Uint8Array;
}

/** A TF.js model in memory. */
export interface TfjsModel {
  file: ModelFile;
  /** Weights by group: the weights of a group lie one after the other in the files of the group. */
  groups: readonly (readonly Weight[])[];
}

/** `graph-model` for a TensorFlow graph, `layers-model` for a Keras topology; old files do not say which. */
export function kindOf({ format, modelTopology }: ModelFile): 'layers-model' | 'graph-model' {
  return format ?? ('node' in modelTopology ? 'graph-model' : 'layers-model');
}

/** A copy with weights replaced. */
export function withWeights(model: TfjsModel, changes: ReadonlyMap<Weight, Weight>): TfjsModel {
  return {
    ...model,
    groups: model.groups.map((group) => group.map((weight) => changes.get(weight) ?? weight)),
  };
}
