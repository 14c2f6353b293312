import { isHoldable, type TensorSpec, type TensorType } from '../../core/tensor.ts';
import { elementTypeNumbers } from './element-type.ts';
import type { OrtValueInfo } from './session.ts';

/** Element types that the binding of ONNX Runtime takes and gives on this Node. */
export const carriedTypes = (Object.keys(elementTypeNumbers) as TensorType[]).filter(isHoldable).sort();

/** Whether the binding takes and gives such a value. */
export function isCarried({ type }: Pick<OrtValueInfo, 'type'>): boolean {
  return carriedTypes.some((known) => known === type);
}

/** Inputs or outputs as tensors; throws for one that the binding does not carry. */
export function tensorSpecs(values: readonly OrtValueInfo[]): TensorSpec[] {
  return values.map((value) => {
    if (isCarried(value)) return value as TensorSpec;
    const found = value.type ?? 'not a tensor';
    throw new Error(`"${value.name}" is ${found}; ${carriedTypes.join(', ')} are accepted`);
  });
}
