import type { RegressionPredictions } from './predictions.ts';
import { forEachBatch, onlyFloatOutput, type PredictRequest } from './batches.ts';

/** One predicted number a sample, in the unit of the reference. The output has shape [batch] or [batch, 1]. */
export async function predictValues(request: PredictRequest): Promise<RegressionPredictions> {
  const { ids, references } = request.samples;
  if (references.kind !== 'values')
    throw new Error(`regression needs numbers as references; found ${references.kind}`);
  const predicted = new Float64Array(ids.length);
  await forEachBatch(request, (outputs, start) => {
    const { data, shape } = onlyFloatOutput(outputs);
    if (data.length !== shape[0])
      throw new Error(`the output has shape [${shape.join(', ')}]; [batch, 1] is accepted`);
    predicted.set(data, start);
  });
  return { kind: 'regression', ids, expected: references.values, predicted };
}
