import { onlyInput, unsupported, type LayerExport } from './layer-export.ts';
import { plainValue } from './value.ts';

/** The number ONNX has for int32. */
const int32 = 6;

/** Rows of a table; ids that come as float32 are cut to integers, as TF.js does. */
export const exportEmbedding: LayerExport = (call) => {
  const { layer, emit, outputShape } = call;
  const input = onlyInput(call);
  const table = emit.weight('embeddings');
  if (table === null) throw unsupported(layer, 'has no weight "embeddings"');
  const name = emit.plain(input);
  const ids = input.type === 'int32' ? name : emit.node('Cast', [name], { to: { int: int32 } });
  return plainValue(emit.node('Gather', [emit.store('embeddings', table), ids]), outputShape);
};
