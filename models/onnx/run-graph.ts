import * as ort from 'onnxruntime-node';
import { AssayError, messageOf } from '../../core/errors.ts';
import type { Tensor, Tensors } from '../../core/tensor.ts';
import { changed, type OnnxGraph, type OnnxModel, type ValueInfo } from './model.ts';
import { onnx } from './proto/onnx.js';
import { openSession } from './session.ts';

/** A graph that can be run for values of it. */
export interface OpenGraph {
  /** The values asked for, by name. Throws `dataset-invalid` where the inputs do not fit the graph. */
  run(inputs: Tensors): Promise<Tensors>;
  close(): Promise<void>;
}

/**
 * Opens a graph in ONNX Runtime, on one CPU thread and without its optimisations, to read the named values whether they are
 * outputs or inside. Throws `model-invalid` where a name is not a value of the graph or ONNX Runtime refuses it.
 */
export async function openGraph(model: OnnxModel, names: readonly string[]): Promise<OpenGraph> {
  const session = await openSession(changed(model, { graph: withOutputs(model.graph, names) }), {
    graphOptimizationLevel: 'disabled',
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
  });
  return {
    run: async (inputs) => fromOrt(await runSession(session, inputs, names)),
    close: () => session.release(),
  };
}

/** Outputs without a type are accepted: ONNX Runtime infers it. */
function withOutputs(graph: OnnxGraph, names: readonly string[]): OnnxGraph {
  const made = new Set(graph.node.flatMap((node) => node.output));
  const unknown = names.find((name) => !made.has(name) && !graph.input.some((input) => input.name === name));
  if (unknown !== undefined)
    throw new AssayError('model-invalid', `The graph has no value "${unknown}" to read.`);
  const own = new Map(graph.output.map((output) => [output.name, output]));
  const output = names.filter((name) => made.has(name)).map((name) => own.get(name) ?? untyped(name));
  return changed(graph, { output });
}

function untyped(name: string): ValueInfo {
  return onnx.ValueInfoProto.create({ name }) as ValueInfo;
}

async function runSession(
  session: ort.InferenceSession,
  inputs: Tensors,
  names: readonly string[],
): Promise<ort.InferenceSession.ReturnType> {
  const bound = bind(session.inputNames, inputs);
  try {
    return { ...pick(bound, names), ...(await session.run(bound)) };
  } catch (cause) {
    throw new AssayError(
      'dataset-invalid',
      `The data do not fit the inputs of the graph: ${messageOf(cause)}`,
      { cause },
    );
  }
}

/** By name, or, where both sides have a single one, to each other. */
function bind(wanted: readonly string[], inputs: Tensors): Record<string, ort.Tensor> {
  const [only] = Object.values(inputs);
  const isSingle = wanted.length === 1 && Object.keys(inputs).length === 1;
  const entries = wanted.map((name) => {
    const tensor = inputs[name] ?? (isSingle ? only : undefined);
    if (tensor === undefined)
      throw new AssayError(
        'dataset-invalid',
        `The graph's input "${name}" is not in the data, which have: ${Object.keys(inputs).join(', ')}.`,
      );
    return [name, toOrt(tensor)] as const;
  });
  return Object.fromEntries(entries);
}

function pick(tensors: Record<string, ort.Tensor>, names: readonly string[]): Record<string, ort.Tensor> {
  return Object.fromEntries(Object.entries(tensors).filter(([name]) => names.includes(name)));
}

function toOrt({ type, shape, data }: Tensor): ort.Tensor {
  return new ort.Tensor(type as 'float32', data as Float32Array, [...shape]);
}

function fromOrt(outputs: ort.InferenceSession.ReturnType): Tensors {
  const entries = Object.entries(outputs).map(([name, { type, dims, data }]) => {
    return [name, { type, shape: dims, data } as unknown as Tensor] as const;
  });
  return Object.fromEntries(entries);
}
