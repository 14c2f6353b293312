import type { RegressionPredictions } from './predictions.ts';
import { forEachBatch, onlyFloatOutput, type PredictRequest } from './batches.ts';

/** One predicted number a sample, in the unit of the reference. The output has shape [batch] or [batch, 1]. */
export async function predictValues(request: PredictRequest): Promise<RegressionPredictions> {
  const { count } = request.samples;
  const [expected, predicted] = [new Float64Array(count), new Float64Array(count)];
  let unit = '';
  const identified = await forEachBatch(request, async ({ inputs, references, start }) => {
    if (references.kind !== 'values')
      throw new Error(`regression needs numbers as references; found ${references.kind}`);
    ({ unit } = references);
    const { data, shape } = onlyFloatOutput(await request.infer(inputs));
    if (data.length !== shape[0])
      throw new Error(`the output has shape [${shape.join(', ')}]; [batch, 1] is accepted`);
    expected.set(references.values, start);
    predicted.set(data, start);
  });
  return { kind: 'regression', ...identified, ...(unit === '' ? {} : { unit }), expected, predicted };
}
