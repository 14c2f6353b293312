import { changed, numberOf, type OnnxModel } from '../onnx/model.ts';
import { elementTypeNumbers } from '../onnx/element-type.ts';
import { nodesOf } from '../onnx/graph.ts';
import { scopesOf, type Scope } from '../onnx/scopes.ts';
import { assertFiniteWeights, assertNotNaN, floatsOf } from './weights.ts';

/** The first IR in which a stored tensor need not be among the inputs. */
const firstWithoutInputs = 4;
const products = ['Conv', 'ConvTranspose', 'Gemm', 'MatMul'];

/** A model as passes take it. Throws `model-invalid` where a stored number is NaN, or a weight or bias of a product infinite. */
export function preparedForPasses(model: OnnxModel): OnnxModel {
  for (const scope of scopesOf(model.graph)) assertUsable(scope);
  return withoutDefaults(model);
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

/** Infinities that no product reads pass: masks hold them. */
function assertUsable({ graph }: Scope): void {
  const weights = new Set(nodesOf(graph, products).flatMap(({ input }) => input.slice(1, 3)));
  for (const tensor of graph.initializer) {
    if (tensor.dataType !== elementTypeNumbers.float32) continue;
    if (weights.has(tensor.name)) assertFiniteWeights(tensor);
    else assertNotNaN(tensor.name, floatsOf(tensor));
  }
}
