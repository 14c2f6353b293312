import { createRandom } from '../../../core/random.ts';
import { elementCount, type Tensor, type Tensors } from '../../../core/tensor.ts';
import { numberOf, type OnnxModel, type ValueInfo } from '../../../models/onnx/model.ts';
import { startCalibration, type Calibration } from '../../../models/passes/calibration.ts';

/** Calibration data of a model with one input `x`: rows of numbers, batch by batch. */
export function calibrationOf(batches: readonly (readonly number[][])[]): Calibration {
  const tensors: Tensors[] = batches.map((rows) => ({
    x: { type: 'float32', shape: [rows.length, rows[0]?.length ?? 0], data: Float32Array.from(rows.flat()) },
  }));
  return calibrationFrom(tensors);
}

function calibrationFrom(tensors: readonly Tensors[]): Calibration {
  return startCalibration({
    description: 'made for the test',
    hash: 'none',
    // eslint-disable-next-line @typescript-eslint/require-await -- the contract is asynchronous
    batches: async function* () {
      yield* tensors;
    },
  });
}

/** Three batches of 16 rows of normal numbers for the model's inputs, each named axis of that size. */
export function drawnCalibration({ graph }: OnnxModel): Calibration {
  const random = createRandom(5);
  const draw = (input: ValueInfo): [string, Tensor] => {
    const axes = input.type?.tensorType?.shape?.dim ?? [];
    const shape = axes.map(({ dimValue }) => numberOf(dimValue ?? 0) || 16);
    const data = Float32Array.from({ length: elementCount(shape) }, () => random.normal());
    return [input.name, { type: 'float32', shape, data }];
  };
  return calibrationFrom([0, 1, 2].map(() => Object.fromEntries(graph.input.map(draw))));
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
