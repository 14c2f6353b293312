import { setImmediate as nextTurn } from 'node:timers/promises';
import { bindTensors } from '../../core/bind-tensors.ts';
import { AssayError, messageOf } from '../../core/errors.ts';
import type { Tensors } from '../../core/tensor.ts';
import { changed, type OnnxGraph, type OnnxModel, type ValueInfo } from './model.ts';
import { fromOrtValues, toOrtValues } from './ort-values.ts';
import { withPlainInputs } from './plain-tensors.ts';
import { onnx } from './proto/onnx.js';
import { openSession, type OrtSession } from './session.ts';
import { tensorSpecs } from './tensor-specs.ts';

/** A graph that can be run for values of it. */
export interface OpenGraph {
  /** The values asked for, by name. Throws `dataset-invalid` where the inputs do not fit the graph, `model-invalid` where a node fails on them. */
  run(inputs: Tensors): Promise<Tensors>;
  close(): Promise<void>;
}

/**
 * Opens a graph in ONNX Runtime, on one CPU thread and without its optimisations, to read the named values whether they are
 * outputs or inside. Throws `model-invalid` where a name is not a value of the graph or ONNX Runtime refuses it.
 */
export async function openGraph(model: OnnxModel, names: readonly string[]): Promise<OpenGraph> {
  const session = await openSession(
    changed(model, { graph: withOutputs(withPlainInputs(model.graph), names) }),
    {
      graphOptimizationLevel: 'disabled',
      intraOpNumThreads: 1,
      interOpNumThreads: 1,
      // What fails is thrown, and a caller may have another way.
      logSeverityLevel: 4,
    },
  );
  return {
    run: (inputs) => runSession(session, inputs, names),
    close: () => {
      session.close();
      return Promise.resolve();
    },
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
  // ONNX Runtime must have something to put out, even where only inputs are wanted.
  return output.length === 0 ? graph : changed(graph, { output });
}

function untyped(name: string): ValueInfo {
  return onnx.ValueInfoProto.create({ name }) as ValueInfo;
}

async function runSession(session: OrtSession, inputs: Tensors, names: readonly string[]): Promise<Tensors> {
  // Runs in this thread: without a turn in between, many calls would keep messages waiting.
  await nextTurn();
  const bound = bindInputs(session, inputs);
  try {
    return { ...pick(bound, names), ...fromOrtValues(session.run(toOrtValues(session.inputs, bound))) };
  } catch (cause) {
    throw new AssayError('model-invalid', `The model failed while it ran on the data: ${messageOf(cause)}`, {
      hint: 'Values that it does not take, as an index beyond a table, can be the cause too.',
      cause,
    });
  }
}

function bindInputs(session: OrtSession, inputs: Tensors): Tensors {
  try {
    const specs = tensorSpecs(session.inputs);
    const bound = bindTensors(specs, inputs)(inputs);
    for (const { name, shape } of specs) assertBatch(name, shape[0] ?? null, bound[name]?.shape[0]);
    return bound;
  } catch (cause) {
    throw new AssayError(
      'dataset-invalid',
      `The data do not fit the inputs of the graph: ${messageOf(cause)}`,
      { cause },
    );
  }
}

function assertBatch(name: string, accepted: number | null, found: number | undefined): void {
  if (accepted !== null && accepted !== found)
    throw new Error(`the model's input "${name}" accepts batches of ${accepted}, not of ${found}`);
}

function pick(tensors: Tensors, names: readonly string[]): Tensors {
  return Object.fromEntries(Object.entries(tensors).filter(([name]) => names.includes(name)));
}
