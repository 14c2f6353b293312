import { AssayError } from '../../core/errors.ts';
import type { Samples } from '../../core/samples.ts';
import { eachTensor, sliceRows, type Tensors } from '../../core/tensor.ts';
import { namedSamples } from '../../tasks/metrics/named-samples.ts';

/** Where values of the inputs do not fit a model, the error that also names the samples of the first batch that holds some; any other error as it is. */
export function withSamples(
  thrown: unknown,
  batches: readonly Samples[],
  bind: (inputs: Tensors) => unknown,
): unknown {
  if (!(thrown instanceof AssayError) || thrown.code !== 'model-invalid') return thrown;
  const named = firstOf(batches, ({ ids, inputs }) =>
    namedSamples(
      ids,
      (row) =>
        !canBind(
          eachTensor(inputs, (tensor) => sliceRows(tensor, row, row + 1)),
          bind,
        ),
    ),
  );
  if (named === null) return thrown;
  const { code, message, hint } = thrown;
  const told = `${message}; not so, in a batch, for ${named}`;
  return new AssayError(code, told, { cause: thrown, ...(hint === undefined ? {} : { hint }) });
}

function firstOf<Item, Found>(items: readonly Item[], find: (item: Item) => Found | null): Found | null {
  for (const item of items) {
    const found = find(item);
    if (found !== null) return found;
  }
  return null;
}

function canBind(inputs: Tensors, bind: (inputs: Tensors) => unknown): boolean {
  try {
    bind(inputs);
    return true;
  } catch {
    return false;
  }
}
