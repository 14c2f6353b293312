import { forEachBatch, type PredictRequest } from './batches.ts';
import { floatForm, isMatrix, pickOutput, type FloatTensor, type OutputForm } from './outputs.ts';
import type { RegressionPredictions } from './predictions.ts';

/**
 * One predicted number a sample, or several, in the unit of the reference. The output has shape [batch, numbers], or [batch]
 * where each sample has one.
 */
export async function predictValues(request: PredictRequest<'regression'>): Promise<RegressionPredictions> {
  const { count } = request.samples;
  let [unit, names]: [string, readonly string[]] = ['', []];
  let [expected, predicted] = [matrix(count, names), matrix(count, names)];
  const identified = await forEachBatch(request, async ({ ids, inputs, references, start }) => {
    if (references.kind !== 'values')
      throw new Error(`regression needs numbers as references; found ${references.kind}`);
    if (start === 0) {
      ({ unit, names } = references);
      [expected, predicted] = [matrix(count, names), matrix(count, names)];
    }
    const form = valuesForm(ids.length, names);
    const { data } = pickOutput(await request.infer(inputs), request.task.output, form);
    expected.set(references.values, start * names.length);
    predicted.set(data, start * names.length);
  });
  const described = { ...(unit === '' ? {} : { unit }), outputs: names.length, names };
  return { kind: 'regression', ...identified, ...described, expected, predicted };
}

/** A number a name. */
export function valuesForm(rows: number, names: readonly string[]): OutputForm<FloatTensor> {
  return floatForm(`[batch, ${names.length}] for ${names.join(', ')}`, rows, (shape) =>
    isMatrix(shape, rows, names.length),
  );
}

function matrix(rows: number, columns: readonly string[]): Float64Array {
  return new Float64Array(rows * columns.length);
}
