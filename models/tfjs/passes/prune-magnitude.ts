import { describeZeros, nothingCut, sparsityParameters, zeroSmallest } from '../../passes/magnitude.ts';
import { magnitudeForm } from '../../passes/prune-magnitude-form.ts';
import { assertFinite } from '../../passes/weights.ts';
import { withWeights } from '../model.ts';
import { multipliedWeights } from '../multiplied-weights.ts';
import { floatsOf, floatWeight } from '../weight-values.ts';
import { defineTfjsPass } from './pass.ts';

/**
 * Sets the smallest weights of dense and convolutional layers to zero, as the pass of that name does in ONNX. Weights that were
 * stored as integers become float32: zero need not be one of their levels. The kernels are dense, so it saves no time.
 */
export const pruneMagnitude = defineTfjsPass({
  name: 'prune-magnitude',
  kind: 'zeroes weights',
  form: magnitudeForm,
  version: 1,
  parameters: sparsityParameters,
  rewrite: (model, settings) => {
    const weights = multipliedWeights(model);
    if (weights.length === 0)
      return { status: 'nothing-to-do', reason: 'no dense or convolutional layer has float32 weights' };
    const values = weights.map(floatsOf);
    weights.forEach(({ spec }, index) => {
      assertFinite(spec.name, values[index]!);
    });
    const { pruned, cuts } = zeroSmallest(values, settings);
    const nothing = nothingCut(cuts);
    if (nothing !== null) return { status: 'nothing-to-do', reason: nothing };
    const changes = new Map(weights.map((weight, index) => [weight, floatWeight(weight, pruned[index]!)]));
    const summary = describeZeros(cuts, {
      scope: settings.scope,
      kinds: 'kernels of dense and convolutional layers',
    });
    return { status: 'applied', model: withWeights(model, changes), summary };
  },
});
