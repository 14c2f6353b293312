import { bindTensors } from '../core/bind-tensors.ts';
import type { Tensors } from '../core/tensor.ts';
import { fixedBatchSize, inFixedBatches, rowCount } from './fixed-batches.ts';
import type { Session } from './runner.ts';

/**
 * Wraps a session so that it takes the dataset's inputs, bound as `bindTensors` does, in batches of any size even where the model
 * was exported for one size. Throws where names, types or shapes do not fit.
 */
export function bindInputs(session: Session, sample: Tensors): (inputs: Tensors) => Promise<Tensors> {
  const toFeeds = bindTensors(session.inputs, sample);
  const run = (inputs: Tensors): Promise<Tensors> => session.run(toFeeds(inputs));
  const size = fixedBatchSize(session.inputs);
  return size === null ? run : (inputs) => inFixedBatches(run, inputs, size);
}

/** A call that runs one batch of the dataset's inputs over and over, for timing. Throws as `bindInputs` does. */
export function bindCall(session: Session, inputs: Tensors): () => unknown {
  const size = fixedBatchSize(session.inputs);
  const rows = rowCount(inputs);
  if (size !== null && size !== rows)
    throw new Error(
      `the model was exported for batches of ${size} and cannot be timed with one of ${rows}; set the batch size to ${size}`,
    );
  const feeds = bindTensors(session.inputs, inputs)(inputs);
  return session.prepare?.(feeds) ?? (() => session.run(feeds));
}
