import { eachTensor, type Tensor, type Tensors } from './tensor.ts';

type Numbers = Exclude<Tensor, { type: 'string' }>['data'];

/** Tensors of one type and inner shape, one after another; throws where there is none. */
export function joinRows(tensors: readonly Tensor[]): Tensor {
  const [first] = tensors;
  if (first === undefined) throw new Error('internal: no tensor to join');
  const rows = tensors.reduce((sum, { shape: [count = 0] }) => sum + count, 0);
  const shape = [rows, ...first.shape.slice(1)];
  if (first.type === 'string') {
    return { ...first, shape, data: tensors.flatMap(({ data }) => data as readonly string[]) };
  }
  const bytes = tensors.map(({ data }) => bytesOf(data as Numbers));
  const { buffer } = new Uint8Array(Buffer.concat(bytes));
  const ArrayKind = first.data.constructor as new (buffer: ArrayBuffer) => Numbers;
  return { ...first, shape, data: new ArrayKind(buffer) } as Tensor;
}

function bytesOf({ buffer, byteOffset, byteLength }: Numbers): Uint8Array {
  return new Uint8Array(buffer, byteOffset, byteLength);
}

/** The same of each tensor of batches that have the same ones; nothing of none. */
export function joinTensors(batches: readonly Tensors[]): Tensors {
  const [first = {}] = batches;
  if (batches.length === 1) return first;
  return eachTensor(first, (_, name) => joinRows(batches.flatMap((batch) => batch[name] ?? [])));
}
