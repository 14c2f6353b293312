import { mkdtemp } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { createRandom } from '../../core/random.ts';
import type { Tensor } from '../../core/tensor.ts';
import { buildGraph, type GraphBuilder } from '../../models/onnx/builder.ts';
import { changed, type OnnxModel, type ValueInfo } from '../../models/onnx/model.ts';
import { onnx } from '../../models/onnx/proto/onnx.js';
import { saveModel } from '../../models/onnx/save.ts';
import { drawnTensor } from './drawn-tensor.ts';

const bfloat16 = 16;

/** Models of two products from `x`, one sample [4], to 3 scores that the binding of ONNX Runtime does not carry as they are. */
export const uncarriedModels: Readonly<Record<string, () => OnnxModel>> = {
  'an output of ZipMap': () => {
    const graph = buildGraph('zip');
    const attributes = { classlabels_int64s: { ints: [0, 1, 2] } };
    graph.node('ZipMap', [scoresOf(graph, floatInput(graph))], {
      domain: 'ai.onnx.ml',
      attributes,
      outputs: ['y'],
    });
    const mapType = { keyType: 7, valueType: { tensorType: { elemType: 1 } } };
    return withOutput(graph.model(), { sequenceType: { elemType: { mapType } } });
  },
  'a sequence beside a tensor of scores': () => {
    const graph = buildGraph('sequence');
    const scores = scoresOf(graph, floatInput(graph));
    graph.node('Identity', [scores], { outputs: ['y'] });
    graph.node('SequenceConstruct', [scores], { outputs: ['list'] });
    graph.output('y', { type: 'float32', shape: ['batch', 3] });
    const model = graph.model();
    const list = { name: 'list', type: { sequenceType: { elemType: tensorOf(1, 3) } } };
    const output = [onnx.ValueInfoProto.create(list) as ValueInfo, ...model.graph.output];
    return changed(model, { graph: changed(model.graph, { output }) });
  },
  'an output of bfloat16': () => {
    const graph = buildGraph('bfloat16');
    const scores = scoresOf(graph, floatInput(graph));
    graph.node('Cast', [scores], { attributes: { to: { int: bfloat16 } }, outputs: ['y'] });
    return withOutput(graph.model(), tensorOf(bfloat16, 3));
  },
  'an input of bfloat16': () => {
    const graph = buildGraph('bfloat16');
    const wide = graph.node('Cast', ['x'], { attributes: { to: { int: 1 } } });
    graph.output(scoresOf(graph, wide), { type: 'float32', shape: ['batch', 3] });
    const model = graph.model();
    const input = onnx.ValueInfoProto.create({ name: 'x', type: tensorOf(bfloat16, 4) }) as ValueInfo;
    return changed(model, { graph: changed(model.graph, { input: [input] }) });
  },
};

/** Such a model whose scores are float64, of which ONNX Runtime takes no ZipMap. */
export function zippedDoubles(): OnnxModel {
  const graph = buildGraph('zip');
  const scores = scoresOf(graph, floatInput(graph));
  const wide = graph.node('Cast', [scores], { attributes: { to: { int: 11 } } });
  const attributes = { classlabels_int64s: { ints: [0, 1, 2] } };
  graph.node('ZipMap', [wide], { domain: 'ai.onnx.ml', attributes, outputs: ['y'] });
  const mapType = { keyType: 7, valueType: { tensorType: { elemType: 11 } } };
  return withOutput(graph.model(), { sequenceType: { elemType: { mapType } } });
}

/** The file of one of them, in a folder of its own. */
export function uncarriedFile(name: string): Promise<string> {
  const model = uncarriedModels[name]?.();
  if (model === undefined) throw new Error(`no model with ${name}`);
  return fileOf(model);
}

/** A file in a folder of its own. */
export async function fileOf(model: OnnxModel): Promise<string> {
  const file = path.join(await mkdtemp(path.join(os.tmpdir(), 'assay-uncarried-')), 'model.onnx');
  await saveModel(model, file);
  return file;
}

function floatInput(graph: GraphBuilder): string {
  return graph.input('x', { type: 'float32', shape: ['batch', 4] });
}

function scoresOf(graph: GraphBuilder, x: string): string {
  const random = createRandom(7);
  const first = graph.initializer('first', drawnTensor(random, [4, 16]));
  const hidden = graph.node('Relu', [graph.node('MatMul', [x, first])]);
  const second = graph.initializer('second', drawnTensor(random, [16, 3]));
  const scores = graph.node('MatMul', [hidden, second]);
  return graph.node('Softmax', [scores], { outputs: ['scores'] });
}

function withOutput(model: OnnxModel, type: onnx.TypeProto.$Properties): OnnxModel {
  const output = onnx.ValueInfoProto.create({ name: 'y', type }) as ValueInfo;
  return changed(model, { graph: changed(model.graph, { output: [output] }) });
}

function tensorOf(elemType: number, width: number): onnx.TypeProto.$Properties {
  return { tensorType: { elemType, shape: { dim: [{ dimParam: 'batch' }, { dimValue: width }] } } };
}

/** Eight samples for any of them. */
export function uncarriedSamples(): { x: Tensor } {
  return { x: drawnTensor(createRandom(3), [8, 4]) };
}
