import * as z from 'zod';
import { elementCount } from '../../../core/tensor.ts';
import { roundHalfEven } from '../../passes/affine.ts';
import { toFloat16 } from '../../passes/float16.ts';
import { assertFinite, assertNotNaN } from '../../passes/weights.ts';
import { withWeights, type TfjsModel, type Weight } from '../model.ts';
import { bytesView, floatsOf } from '../weight-values.ts';
import { defineTfjsPass } from './pass.ts';
import { storageForm } from './store-weights-form.ts';

type Dtype = 'uint8' | 'uint16' | 'float16';

/** A weight in another form, and how many of its values float16 cannot hold. */
interface Stored {
  weight: Weight;
  clamped: number;
}

/**
 * Stores float32 weights in 8 or 16 bits with the bytes and the manifest that `tensorflowjs_converter --quantize_<dtype>` 4.22 writes
 * (NumPy 2). TF.js makes them float32 again when it loads them: less to store and send, the same to compute. Finite weights beyond
 * float16's range become 65504, where the converter writes infinity.
 */
export const storeWeights = defineTfjsPass({
  name: 'store-weights',
  kind: 'stores',
  form: storageForm,
  version: 1,
  parameters: z.strictObject({ dtype: z.enum(['uint8', 'uint16', 'float16']) }),
  rewrite: (model, { dtype }) => {
    const weights = plainFloats(model);
    if (weights.length === 0)
      return {
        status: 'nothing-to-do',
        reason: 'no float32 weight is stored in full; all are smaller already',
      };
    const stored = weights.map((weight) => store(weight, dtype));
    const changes = new Map(weights.map((weight, index) => [weight, stored[index]!.weight]));
    const clamped = stored.reduce((sum, one) => sum + one.clamped, 0);
    return {
      status: 'applied',
      model: withWeights(model, changes),
      summary: summarise(stored, { dtype, clamped }),
    };
  },
});

/** Weights stored as they are; an empty one has no range. */
function plainFloats({ groups }: TfjsModel): Weight[] {
  return groups
    .flat()
    .filter(
      ({ spec, bytes }) => spec.dtype === 'float32' && spec.quantization === undefined && bytes.length > 0,
    );
}

function store(weight: Weight, dtype: Dtype): Stored {
  const values = floatsOf(weight);
  if (dtype === 'float16') return storeHalf(weight, values);
  assertFinite(weight.spec.name, values);
  return { weight: storeLevels(weight, values, dtype), clamped: 0 };
}

function storeHalf({ spec }: Weight, values: Float32Array): Stored {
  assertNotNaN(spec.name, values);
  const { bits, above } = toFloat16(values);
  for (let index = 0; index < bits.length; index++) {
    // Up to half of the smallest float16 NumPy rounds to 0, where ONNX's converter keeps the smallest.
    if (Math.abs(values[index]!) <= 2 ** -25) bits[index]! &= 0x8000;
  }
  const quantization = { dtype: 'float16', original_dtype: 'float32' } as const;
  return { weight: { spec: { ...spec, quantization }, bytes: bytesView(bits) }, clamped: above };
}

function storeLevels({ spec }: Weight, values: Float32Array, dtype: 'uint8' | 'uint16'): Weight {
  const { scale, min, max } = rangeOf(values, dtype === 'uint8' ? 255 : 65535);
  const levels = dtype === 'uint8' ? new Uint8Array(values.length) : new Uint16Array(values.length);
  for (let index = 0; index < values.length; index++)
    levels[index] = roundHalfEven((Math.min(Math.max(values[index]!, min), max) - min) / scale);
  const quantization = { dtype, min, scale, original_dtype: 'float32' } as const;
  return {
    spec: { ...spec, quantization },
    bytes: levels instanceof Uint8Array ? levels : bytesView(levels),
  };
}

/** The lowest and highest value and the step between levels, in float64; where 0 lies between them, the range moves so that it is a level. */
function rangeOf(values: Float32Array, highestLevel: number): { scale: number; min: number; max: number } {
  let [low, high] = [values[0]!, values[0]!];
  for (let index = 1; index < values.length; index++) {
    low = Math.min(low, values[index]!);
    high = Math.max(high, values[index]!);
  }
  if (low === high) return { scale: 1, min: low, max: high };
  const scale = (high - low) / highestLevel;
  if (low > 0 || high < 0) return { scale, min: low, max: high };
  const min = -roundHalfEven((0 - low) / scale) * scale;
  return { scale, min, max: highestLevel * scale + min };
}

function summarise(stored: readonly Stored[], { dtype, clamped }: { dtype: Dtype; clamped: number }): string {
  const numbers = stored.reduce((sum, { weight }) => sum + elementCount(weight.spec.shape), 0);
  const limit = clamped === 0 ? '' : `, ${shown(clamped)} beyond its range as 65504`;
  return `${shown(numbers)} numbers of ${stored.length} float32 weights stored as ${dtype}${limit}; storage only: TF.js makes them float32 again when it loads them`;
}

function shown(count: number): string {
  return count.toLocaleString('en-US');
}
