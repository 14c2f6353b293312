import { elementTypeNumbers } from '../onnx/element-type.ts';
import { freshNames, nodesOf, type FreshName } from '../onnx/graph.ts';
import { changed, type OnnxModel, type OnnxNode, type OnnxTensor } from '../onnx/model.ts';
import { replaceNodes, scopesOf, type Scope } from '../onnx/scopes.ts';
import { shapeOf } from '../onnx/tensor.ts';
import { madeTensor } from './made-tensor.ts';
import { floatsOf } from './weights.ts';

/**
 * The model with alpha and beta of each Gemm in its stored weight and bias, where it has such in float32 that stay finite, in graphs inside
 * nodes, too; `leftOut` stay as they are. What else reads them has them as they were.
 */
export function withPlainGemms(model: OnnxModel, leftOut: ReadonlySet<OnnxNode> = new Set()): OnnxModel {
  const folding: Folding = { fresh: freshNames(model.graph), made: new Map() };
  const plain = new Map<OnnxNode, OnnxNode>();
  const replaced = new Set<OnnxTensor>();
  for (const scope of scopesOf(model.graph)) {
    for (const node of nodesOf(scope.graph, ['Gemm'])) {
      const made = leftOut.has(node) ? null : plainForm(folding, node, scope.constants);
      if (made === null) continue;
      plain.set(node, made);
      for (const name of node.input.slice(1)) replaced.add(scope.constants.get(name)!);
    }
  }
  if (plain.size === 0) return model;
  const graph = replaceNodes(model.graph, () => (node) => [plain.get(node) ?? node], replaced);
  const tensors = [...folding.made.values()].flatMap((byFactor) => [...byFactor.values()]);
  return changed(model, { graph: changed(graph, { initializer: [...graph.initializer, ...tensors] }) });
}

interface Folding {
  fresh: FreshName;
  /** Scaled forms of stored tensors, by factor. */
  made: Map<OnnxTensor, Map<number, OnnxTensor>>;
}

/** Null where there is nothing to fold, or where it cannot be. */
function plainForm(folding: Folding, node: OnnxNode, constants: Scope['constants']): OnnxNode | null {
  const [alpha, beta] = [factorOf(node, 'alpha'), factorOf(node, 'beta')];
  if (alpha === 1 && beta === 1) return null;
  const [input = '', ...stored] = node.input;
  const operands = stored.filter((name) => name !== '').map((name) => constants.get(name));
  const scaled = operands.map((tensor, index) => scaledBy(folding, tensor, index === 0 ? alpha : beta));
  if (scaled.includes(null)) return null;
  const attribute = node.attribute.filter(({ name }) => name !== 'alpha' && name !== 'beta');
  return changed(node, { attribute, input: [input, ...scaled.map((tensor) => tensor?.name ?? '')] });
}

function factorOf({ attribute }: OnnxNode, wanted: string): number {
  return attribute.find(({ name }) => name === wanted)?.f ?? 1;
}

/** Null where a tensor is none that can be scaled. */
function scaledBy(folding: Folding, tensor: OnnxTensor | undefined, factor: number): OnnxTensor | null {
  if (tensor?.dataType !== elementTypeNumbers.float32) return null;
  if (factor === 1) return tensor;
  const forms = folding.made.get(tensor) ?? new Map<number, OnnxTensor>();
  const known = forms.get(factor);
  if (known !== undefined) return known;
  const values = (): Float32Array => floatsOf(tensor).map((value) => value * factor);
  const made = values();
  if (!made.every(Number.isFinite)) return null;
  const name = folding.fresh(`${tensor.name}_scaled`);
  const { dataType } = tensor;
  const scaled = madeTensor({ name, dataType, shape: shapeOf(tensor), from: tensor, made, values });
  folding.made.set(tensor, forms.set(factor, scaled));
  return scaled;
}
