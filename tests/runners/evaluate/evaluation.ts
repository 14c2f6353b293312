import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { buildGraph, type GraphBuilder } from '../../../models/onnx/builder.ts';
import { encodeModel } from '../../../models/onnx/write.ts';
import { evaluateCell } from '../../../runners/pool/evaluate-cell.ts';
import type { EvaluateResult, EvaluateTask } from '../../../runners/pool/task.ts';
import { manifestOf } from '../../datasets/manifest-folder.ts';
import { parseTarget } from '../../../suites/target.ts';

/** A dataset and a model of a test, and what is asked of them. */
export interface Evaluation {
  /** The text of the data file. */
  data: string;
  /** What its manifest has otherwise than the template's. */
  manifest: object;
  model: Uint8Array;
  task: EvaluateTask['task'];
  metrics: readonly string[];
}

/** Evaluates the model on all rows, through ONNX Runtime. */
export async function evaluate({
  data,
  manifest,
  model,
  task,
  metrics,
}: Evaluation): Promise<EvaluateResult> {
  const dataset = await manifestOf(data, { split: allTest, ...manifest });
  const artifact = { format: 'onnx', path: path.join(path.dirname(dataset), 'mine.onnx') } as const;
  await writeFile(artifact.path, model);
  const target = parseTarget('onnxruntime/cpu');
  const scoring = { task, metrics, level: 0.95, seed: 1 };
  return evaluateCell({ kind: 'evaluate', target, artifact, sizeBytes: model.length, dataset, ...scoring });
}

const allTest = { seed: 1, testShare: 1, stratify: false };

/** An input of the columns as they are. */
export function columnsInput(...columns: string[]): object {
  return {
    inputs: [{ kind: 'features', name: 'x', features: [{ kind: 'number', columns, scaling: 'none' }] }],
  };
}

/** A model of one float32 input `x` of [batch, width]. */
export function modelOf(width: number, make: (graph: GraphBuilder, x: string) => void): Uint8Array {
  const graph = buildGraph('small');
  make(graph, graph.input('x', { type: 'float32', shape: ['batch', width] }));
  return encodeModel(graph.model());
}

/** A model that puts out its input. */
export function echo(width: number): Uint8Array {
  return modelOf(width, (graph, x) => {
    graph.node('Identity', [x], { outputs: ['y'] });
    graph.output('y', { type: 'float32', shape: ['batch', width] });
  });
}

/** Values of metrics by id. */
export function valuesOf({ metrics }: EvaluateResult): Record<string, number | null> {
  return Object.fromEntries(metrics.map(({ id, value }) => [id, value]));
}
