import { elementTypeNumbers } from '../../onnx/element-type.ts';
import { onlyInput, weightOf, type LayerExport } from './layer-export.ts';
import { plainValue } from './value.ts';

/** Rows of a table; ids that come as float32 are cut to integers, as TF.js does. */
export const exportEmbedding: LayerExport = (call) => {
  const { emit, outputShape } = call;
  const input = onlyInput(call);
  const table = weightOf(call, 'embeddings');
  const name = emit.plain(input);
  const ids =
    input.type === 'int32' ? name : emit.node('Cast', [name], { to: { int: elementTypeNumbers.int32 } });
  return plainValue(emit.node('Gather', [emit.store('embeddings', table), ids]), outputShape);
};
