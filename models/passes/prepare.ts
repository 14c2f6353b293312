import { withDenseTensors } from '../onnx/dense-tensors.ts';
import { withInlinedProducts } from '../onnx/inline-functions.ts';
import { changed, numberOf, type OnnxModel } from '../onnx/model.ts';
import { withPlainDomains } from '../onnx/plain-domains.ts';
import { assertUsableNumbers } from './stored-numbers.ts';

/** The first IR in which a stored tensor need not be among the inputs. */
const firstWithoutInputs = 4;

/** A model as passes take it. Throws `model-invalid` where a stored number is NaN, or a weight or bias of a product infinite. */
export function preparedForPasses(model: OnnxModel): OnnxModel {
  const plain = withInlinedProducts(withDenseTensors(withPlainDomains(model)));
  assertUsableNumbers(plain);
  return withoutDefaults(plain);
}

/**
 * Older exporters list every stored tensor among the inputs, where a caller could give another in its place: nobody does, and a pass that
 * changes it must not leave its old type and shape there.
 */
function withoutDefaults(model: OnnxModel): OnnxModel {
  const { graph } = model;
  const stored = new Set(graph.initializer.map(({ name }) => name));
  const input = graph.input.filter(({ name }) => !stored.has(name));
  if (input.length === graph.input.length) return model;
  const irVersion = Math.max(numberOf(model.irVersion), firstWithoutInputs);
  return changed(model, { irVersion, graph: changed(graph, { input }) });
}
