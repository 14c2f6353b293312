import { counted } from '../../../core/counted.ts';
import { elementTypeName, elementTypeNumbers } from '../../onnx/element-type.ts';
import type { OnnxModel } from '../../onnx/model.ts';
import { kindOf } from '../../variant.ts';
import type { Rule } from '../examined.ts';

export const storageOnly: Rule = ({ stored, steps }) => {
  if (steps.some(({ pass }) => kindOf(pass) === 'stores'))
    return 'the weights are expanded when the model is loaded';
  if (stored === null) return null;
  const sparse = stored.graph.sparseInitializer.length;
  const cast = castWeights(stored);
  const [type] = cast;
  const found = [
    ...(sparse === 0 ? [] : [`${areStored(sparse)} sparse`]),
    ...(type === undefined ? [] : [`${areStored(cast.length)} as ${type} and cast to float32`]),
  ];
  return found.length === 0 ? null : found.join('; ');
};

function areStored(count: number): string {
  return `${counted(count, 'weight')} ${count === 1 ? 'is' : 'are'} stored`;
}

/** Types of the weights that a Cast turns to float32. */
function castWeights({ graph }: OnnxModel): string[] {
  const weights = new Map(graph.initializer.map((tensor) => [tensor.name, tensor]));
  const casts = graph.node.filter(
    ({ opType, attribute }) =>
      opType === 'Cast' &&
      attribute.some(({ name, i }) => name === 'to' && Number(i) === elementTypeNumbers.float32),
  );
  return casts.flatMap(({ input }) => {
    const weight = weights.get(input[0] ?? '');
    return weight === undefined || weight.dims.length < 2 ? [] : [elementTypeName(weight.dataType)];
  });
}
