import { changed, type OnnxModel, type ValueInfo } from './model.ts';
import { onnx } from './proto/onnx.js';
import { openSession } from './session.ts';

/** What ONNX Runtime knows of a value before it runs: null is an axis whose size depends on the inputs. */
export interface InferredValue {
  /** As ONNX Runtime spells it, e.g. `float32`. */
  type: string;
  shape: readonly (number | null)[];
}

/**
 * Types and shapes of the inputs and of every tensor a node of the graph itself makes (values inside subgraphs aside), by name.
 * ONNX Runtime infers them, from outputs without a type. Throws `model-invalid` where it refuses the model.
 */
export async function inferValues(model: OnnxModel): Promise<ReadonlyMap<string, InferredValue>> {
  const { graph } = model;
  const known = new Map(graph.output.map((output) => [output.name, output]));
  const made = graph.node.flatMap(({ output }) => output.filter((name) => name !== ''));
  const output = made.map((name) => known.get(name) ?? (onnx.ValueInfoProto.create({ name }) as ValueInfo));
  const session = await openSession(changed(model, { graph: changed(graph, { output }) }), {
    graphOptimizationLevel: 'disabled',
  });
  const values = [...session.inputs, ...session.outputs];
  session.close();
  return new Map(values.flatMap(({ name, type, shape }) => (type === null ? [] : [[name, { type, shape }]])));
}
