import { AssayError } from '../../core/errors.ts';
import { naming } from '../naming.ts';
import { sortNodes, subgraphsOf } from './graph.ts';
import { numberOf, type OnnxFunction, type OnnxModel, type OnnxNode } from './model.ts';
import { newestOpset, oldestOpset, opsetOf } from './opset.ts';
import { decodeModelFile, readModelBytes } from './read.ts';
import { assertFilled } from './stored-size.ts';
import { storedTensors } from './stored-tensors.ts';
import { scopesOf } from './scopes.ts';

/**
 * A model file that ONNX Runtime could load, as far as the file tells. Throws `not-found`, or `model-invalid` where it is no whole
 * model, or one that `assertSound` refuses.
 */
export function readSound(file: string): Promise<OnnxModel> {
  return naming(file, async () => {
    const model = await decodeModelFile(await readModelBytes(file), file);
    assertSound(model);
    return model;
  });
}

/**
 * Throws `model-invalid` for a model that cannot be run and that no pass can make a working file of: one with a cycle, a function
 * that calls itself or a stored tensor that its values do not fill, or of a later form or operator set than ONNX Runtime 1.30 has.
 */
export function assertSound(model: OnnxModel): void {
  assertKnown(model);
  const recursive = recursiveFunction(model);
  if (recursive !== null)
    throw new AssayError(
      'model-invalid',
      `The model's function "${recursive}" comes to call itself, which ONNX does not allow.`,
      { hint: 'Export the model again without it, or with its nodes in its place.' },
    );
  for (const { graph } of scopesOf(model.graph)) sortNodes(graph.node);
  for (const tensor of storedTensors(model)) assertFilled(tensor);
}

/** The newest that ONNX Runtime 1.30 loads. */
const newestIrVersion = 13;

function assertKnown(model: OnnxModel): void {
  const irVersion = numberOf(model.irVersion);
  if (irVersion > newestIrVersion)
    throw new AssayError(
      'model-invalid',
      `The model is of IR version ${irVersion}; ONNX Runtime 1.30 loads versions up to ${newestIrVersion}.`,
      { hint: `Export the model again for IR version ${newestIrVersion} or less.` },
    );
  const opset = opsetOf(model);
  if (opset > newestOpset)
    throw new AssayError(
      'model-invalid',
      `The model is of operator set ${opset}; ONNX Runtime 1.30 loads sets up to ${newestOpset}, and passes take ${oldestOpset} to ${newestOpset}.`,
      { hint: `Export the model again for operator set ${newestOpset} or less.` },
    );
}

/** The name of a function that comes to call itself, by way of others too; null where there is none. */
function recursiveFunction({ functions }: OnnxModel): string | null {
  const calls = new Map(
    functions.map((one) => [keyOf(one), one.node.flatMap(withInner).map(calledBy)] as const),
  );
  const found = functions.find((one) => {
    const reached = new Set(calls.get(keyOf(one)));
    for (const other of reached) for (const called of calls.get(other) ?? []) reached.add(called);
    return reached.has(keyOf(one));
  });
  return found?.name ?? null;
}

function withInner(node: OnnxNode): OnnxNode[] {
  return [node, ...subgraphsOf(node).flatMap((graph) => graph.node.flatMap(withInner))];
}

function calledBy({ domain, opType, overload }: OnnxNode): string {
  return keyOf({ domain, name: opType, overload });
}

function keyOf({ domain, name, overload }: Pick<OnnxFunction, 'domain' | 'name' | 'overload'>): string {
  return JSON.stringify([domain, name, overload]);
}
