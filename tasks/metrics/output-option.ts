import * as z from 'zod';
import { AssayError } from '../../core/errors.ts';
import type { Metric } from '../metric.ts';
import type { RegressionPredictions } from '../predictions.ts';
import { parseMetricId, withOptions } from './metric-id.ts';
import { textOption, withOptionsOf } from './metric-options.ts';
import { ofPart } from './of-part.ts';
import { columnOf } from './outputs.ts';

/** In place of a name it stands for each output. */
export const everyOutput = '*';

const schema = z.strictObject({ output: textOption.optional() });

/** A metric that is asked of every output as one of each; another as it is. */
export function expandOutputs(id: string, outputs: readonly string[]): string[] {
  if (parseMetricId(id).options.get('output') !== everyOutput) return [id];
  return outputs.map((output) => withOptions(id, { output }));
}

/** A metric that can be asked of one output by its name. */
export function perOutput(metric: Metric<'regression'>): Metric<'regression'> {
  return withOptionsOf(metric, schema, (base, { output }) =>
    output === undefined ? base : ofPart(base, (given) => onlyOutput(given, output)),
  );
}

function onlyOutput(given: RegressionPredictions, name: string): RegressionPredictions {
  const { outputs = 1, names = [], expected, predicted } = given;
  const place = names.indexOf(name);
  if (place < 0)
    throw new AssayError('usage-invalid', `There is no output "${name}"; outputs are: ${names.join(', ')}.`);
  return {
    ...given,
    ...{ outputs: 1, names: [name] },
    expected: columnOf(expected, outputs, place),
    predicted: columnOf(predicted, outputs, place),
  };
}
