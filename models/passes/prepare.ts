import { elementTypeNumbers } from '../onnx/element-type.ts';
import { nodesOf } from '../onnx/graph.ts';
import { changed, numberOf, type OnnxModel, type OnnxTensor } from '../onnx/model.ts';
import { scopesOf, type Scope } from '../onnx/scopes.ts';
import { scratchFor } from './made-tensor.ts';
import { assertFinite, assertNotNaN, floatsWithin } from './weights.ts';

/** The first IR in which a stored tensor need not be among the inputs. */
const firstWithoutInputs = 4;
const products = ['Conv', 'ConvTranspose', 'Gemm', 'MatMul'];

/** A model as passes take it. Throws `model-invalid` where a float32 initializer holds NaN, or a weight or bias of a product an infinity. */
export function preparedForPasses(model: OnnxModel): OnnxModel {
  assertUsable(model);
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
function assertUsable({ graph }: OnnxModel): void {
  const scopes = scopesOf(graph);
  const weights = new Set(scopes.flatMap(readByProducts));
  const scratch = scratchFor(graph);
  for (const tensor of scopes.flatMap((scope) => scope.graph.initializer)) {
    if (tensor.dataType !== elementTypeNumbers.float32) continue;
    const assert = weights.has(tensor) ? assertFinite : assertNotNaN;
    assert(tensor.name, floatsWithin(tensor, scratch));
  }
}

/** Weights and biases, those stored outside of the graph included. */
function readByProducts({ graph, constants }: Scope): OnnxTensor[] {
  const names = nodesOf(graph, products).flatMap(({ input }) => input.slice(1, 3));
  return names.flatMap((name) => constants.get(name) ?? []);
}
