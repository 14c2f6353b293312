import type { Tensors } from '../../../core/tensor.ts';
import type { OnnxModel } from '../../../models/onnx/model.ts';
import { startCalibration, type Calibration } from '../../../models/passes/calibration.ts';

/** Calibration data of a model with one input `x`: rows of numbers, batch by batch. */
export function calibrationOf(batches: readonly (readonly number[][])[]): Calibration {
  const tensors: Tensors[] = batches.map((rows) => ({
    x: { type: 'float32', shape: [rows.length, rows[0]?.length ?? 0], data: Float32Array.from(rows.flat()) },
  }));
  return startCalibration({
    description: 'made for the test',
    hash: 'none',
    // eslint-disable-next-line @typescript-eslint/require-await -- the contract is asynchronous
    batches: async function* () {
      yield* tensors;
    },
  });
}

/** Mean squared difference of the outputs `y` of two models on the calibration data. */
export async function outputError(
  source: OnnxModel,
  found: OnnxModel,
  calibration: Calibration,
): Promise<number> {
  const read = async (model: OnnxModel): Promise<number[]> => {
    const values: number[] = [];
    for await (const batch of calibration.activations(model, ['y']))
      values.push(...(batch.y?.data as Float32Array));
    return values;
  };
  const [expected, values] = [await read(source), await read(found)];
  const squares = expected.reduce((sum, value, index) => sum + (value - (values[index] ?? NaN)) ** 2, 0);
  return squares / expected.length;
}
