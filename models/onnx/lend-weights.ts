import type { InferenceSession } from 'onnxruntime-node';
import { elementTypeNumbers } from './element-type.ts';
import { isOutside, withStretch } from './external-data.ts';
import { changed, type OnnxModel, type OnnxTensor } from './model.ts';

/** Smaller ones cost less to copy than to lend. */
const leastLentBytes = 2 ** 16;

type Lent = Exclude<NonNullable<InferenceSession.SessionOptions['externalData']>[number], string>;

/**
 * The model without its larger float32 weights, and those beside it for ONNX Runtime to read where they are in memory: inside the model
 * each would be copied three times more. They must stay in memory as long as the session.
 */
export function lendWeights(model: OnnxModel): { model: OnnxModel; externalData: Lent[] } {
  const externalData: Lent[] = [];
  const lend = (tensor: OnnxTensor): OnnxTensor => {
    const { length } = tensor.rawData;
    const file = String(externalData.push({ path: String(externalData.length), data: tensor.rawData }) - 1);
    return withStretch(tensor, { file, offset: 0, length });
  };
  const initializer = model.graph.initializer.map((tensor) => (isLendable(tensor) ? lend(tensor) : tensor));
  return { model: changed(model, { graph: changed(model.graph, { initializer }) }), externalData };
}

function isLendable(tensor: OnnxTensor): boolean {
  const isFloat = tensor.dataType === elementTypeNumbers.float32;
  return isFloat && !isOutside(tensor) && tensor.rawData.length >= leastLentBytes;
}
