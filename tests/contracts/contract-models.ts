import { mkdtemp, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { TensorType } from '../../core/tensor.ts';
import { buildGraph, type GraphBuilder } from '../../models/onnx/builder.ts';
import { encodeModel } from '../../models/onnx/write.ts';
import type { Artifact } from '../../runners/runner.ts';

/** Small networks in the format of a runner under test. */
export interface ContractModels {
  /** Element types that the runner carries. */
  types: readonly TensorType[];
  /** `x` [rows, 2] comes out as `y`. */
  identity(type: TensorType): Promise<Artifact>;
  /** From float32 `a` and `b` [rows, 2] to `sum` and `difference`. */
  pair(): Promise<Artifact>;
  /** float32 `x` [rows, any] comes out doubled as `y`. */
  open(): Promise<Artifact>;
}

export const onnxModels: ContractModels = {
  types: [
    ...(['float16', 'float32', 'float64', 'int8', 'int16', 'int32', 'int64'] as const),
    ...(['uint8', 'uint16', 'uint32', 'uint64', 'bool', 'string'] as const),
  ],
  identity: (type) =>
    onnxFile((graph) => {
      const port = { type, shape: ['rows', 2] };
      graph.node('Identity', [graph.input('x', port)], { outputs: ['y'] });
      graph.output('y', port);
    }),
  pair: () =>
    onnxFile((graph) => {
      const port = { type: 'float32', shape: ['rows', 2] } as const;
      const inputs = [graph.input('a', port), graph.input('b', port)];
      graph.output(graph.node('Add', inputs, { outputs: ['sum'] }), port);
      graph.output(graph.node('Sub', inputs, { outputs: ['difference'] }), port);
    }),
  open: () =>
    onnxFile((graph) => {
      const port = { type: 'float32', shape: ['rows', 'columns'] } as const;
      const x = graph.input('x', port);
      graph.output(graph.node('Add', [x, x], { outputs: ['y'] }), port);
    }),
};

/** Writes a network to a folder that goes away with the tests. */
export async function onnxFile(build: (graph: GraphBuilder) => void): Promise<Artifact> {
  const graph = buildGraph('contract');
  build(graph);
  const file = path.join(await mkdtemp(path.join(os.tmpdir(), 'contract-')), 'model.onnx');
  await writeFile(file, encodeModel(graph.model()));
  return { format: 'onnx', path: file };
}
