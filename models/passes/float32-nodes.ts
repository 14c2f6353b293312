import { subgraphsOf } from '../onnx/graph.ts';
import type { OnnxNode } from '../onnx/model.ts';

/** What a sequence or an optional holds has one type, which nodes far from each other share. */
const containerOperators = [
  ...['ConcatFromSequence', 'Optional', 'OptionalGetElement', 'OptionalHasElement', 'SequenceAt'],
  ...['SequenceConstruct', 'SequenceEmpty', 'SequenceErase', 'SequenceInsert', 'SequenceLength'],
  ...['SequenceMap', 'SplitToSequence'],
];
/** Operators without a float16 form in ONNX or ONNX Runtime, or whose result loses its meaning in it. */
const float32Operators = [
  ...['ArrayFeatureExtractor', 'Bernoulli', 'CumSum', 'DynamicQuantizeLinear', 'DequantizeLinear', 'EyeLike'],
  ...['Max', 'Min', 'Multinomial', 'NonMaxSuppression', 'QuantizeLinear', 'RandomNormal', 'RandomNormalLike'],
  ...['RandomUniform', 'RandomUniformLike', 'Range', 'RoiAlign', 'TfIdfVectorizer', 'TopK', 'Upsample'],
  ...['BlackmanWindow', 'HammingWindow', 'HannWindow', 'MelWeightMatrix'],
  ...containerOperators,
];
/** Operators whose further outputs, mean and deviation, stay float32 in the float16 form. */
const statisticsOperators = ['LayerNormalization', 'SimplifiedLayerNormalization'];
/** Inputs that are float32 by the operator's definition. */
const float32Inputs: Readonly<Record<string, readonly number[]>> = { Resize: [2] };

/** Whether a node has to stay in float32, or is to as one of the operators kept in it. */
export function staysFloat32(node: OnnxNode, kept: readonly string[]): boolean {
  const isMadeOfValue = ['Constant', 'ConstantOfShape'].includes(node.opType);
  const storesFloats = isMadeOfValue && !node.attribute.some(({ name }) => name === 'value');
  return (
    !isConvertible(node) ||
    float32Operators.includes(node.opType) ||
    kept.includes(node.opType) ||
    storesFloats ||
    givesStatistics(node) ||
    subgraphsOf(node).length > 0
  );
}

function givesStatistics({ opType, output }: OnnxNode): boolean {
  return statisticsOperators.includes(opType) && output.slice(1).some((name) => name !== '');
}

/** Of operators that are not ONNX's own, those whose float16 form is known. */
function isConvertible({ domain, opType }: OnnxNode): boolean {
  return domain === '' || (domain === 'com.microsoft' && opType === 'MatMulNBits');
}

/** Whether the definition of a node's operator asks for float32 at one of its inputs. */
export function takesFloat32({ opType }: OnnxNode, index: number): boolean {
  return float32Inputs[opType]?.includes(index) === true;
}
