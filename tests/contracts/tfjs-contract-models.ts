import { mkdtemp } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { TensorType } from '../../core/tensor.ts';
import type { Weight } from '../../models/tfjs/model.ts';
import { saveTfjsModel } from '../../models/tfjs/write.ts';
import type { Artifact } from '../../runners/runner.ts';
import type { ContractModels } from './contract-models.ts';

/** A node of a TensorFlow graph as JSON. */
interface GraphNode {
  name: string;
  op: string;
  input?: readonly string[];
  attr?: Readonly<Record<string, object>>;
}

const types = { float32: 'DT_FLOAT', int32: 'DT_INT32', bool: 'DT_BOOL', string: 'DT_STRING' } as const;

export const tfjsModels: ContractModels = {
  types: Object.keys(types) as TensorType[],
  identity: (type) =>
    graphFile([placeholder('x', [-1, 2], type), { name: 'y', op: 'Identity', input: ['x'] }]),
  pair: () =>
    graphFile([
      placeholder('a', [-1, 2]),
      placeholder('b', [-1, 2]),
      { name: 'sum', op: 'AddV2', input: ['a', 'b'] },
      { name: 'difference', op: 'Sub', input: ['a', 'b'] },
    ]),
  open: () => graphFile([placeholder('x', [-1, -1]), { name: 'y', op: 'AddV2', input: ['x', 'x'] }]),
};

/** A loop that doubles float32 `x` [rows, 2] three times into `y`. */
export function loopModel(): Promise<Artifact> {
  const frame = { frame_name: { s: Buffer.from('loop').toString('base64') } };
  const enter = (name: string, from: string, isConstant = false): GraphNode => ({
    name,
    op: 'Enter',
    input: [from],
    attr: { ...frame, is_constant: { b: isConstant } },
  });
  const counts = { zero: 0, one: 1, three: 3 };
  const nodes: GraphNode[] = [
    placeholder('x', [-1, 2]),
    ...Object.keys(counts).map((name) => ({ name, op: 'Const', attr: { dtype: { type: types.int32 } } })),
    ...[enter('turn', 'zero'), enter('value', 'x'), enter('step', 'one', true), enter('end', 'three', true)],
    { name: 'turns', op: 'Merge', input: ['turn', 'nextTurn'] },
    { name: 'values', op: 'Merge', input: ['value', 'nextValue'] },
    { name: 'isOn', op: 'Less', input: ['turns', 'end'] },
    { name: 'goOn', op: 'LoopCond', input: ['isOn'] },
    { name: 'turnGate', op: 'Switch', input: ['turns', 'goOn'] },
    { name: 'valueGate', op: 'Switch', input: ['values', 'goOn'] },
    { name: 'turnUp', op: 'AddV2', input: ['turnGate:1', 'step'] },
    { name: 'doubled', op: 'AddV2', input: ['valueGate:1', 'valueGate:1'] },
    { name: 'nextTurn', op: 'NextIteration', input: ['turnUp'] },
    { name: 'nextValue', op: 'NextIteration', input: ['doubled'] },
    { name: 'y', op: 'Exit', input: ['valueGate'] },
  ];
  const weights = Object.entries(counts).map(([name, value]): Weight => ({
    spec: { name, shape: [], dtype: 'int32' },
    bytes: new Uint8Array(Int32Array.of(value).buffer),
  }));
  return graphFile(nodes, weights);
}

function placeholder(name: string, shape: readonly number[], type: TensorType = 'float32'): GraphNode {
  const dim = shape.map((size) => ({ size: String(size) }));
  const attr = { dtype: { type: types[type as keyof typeof types] }, shape: { shape: { dim } } };
  return { name, op: 'Placeholder', attr };
}

/** Writes a graph to a folder that goes away with the tests. */
async function graphFile(node: readonly GraphNode[], weights: readonly Weight[] = []): Promise<Artifact> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'contract-'));
  const manifest = weights.length === 0 ? [] : [{ paths: [], weights: [] }];
  const file = {
    format: 'graph-model',
    modelTopology: { node, versions: { producer: 1882 } },
    weightsManifest: manifest,
  } as const;
  const groups = weights.length === 0 ? [] : [weights];
  const [model = ''] = await saveTfjsModel({ file, groups }, folder);
  return { format: 'tfjs', path: model };
}
