import type { OnnxGraph } from '../onnx/model.ts';
import { kindOf, type PassStep } from '../variant.ts';
import type { ProfiledNode } from './profile.ts';

/** Tells nodes of the baseline that quantizing did not reach: it changes the operator of every node that it does. Other passes may have. */
export function keptNodes(steps: readonly PassStep[], executed: OnnxGraph): (node: ProfiledNode) => boolean {
  if (!steps.some(({ pass }) => kindOf(pass) === 'quantizes')) return () => false;
  const operators = new Map(executed.node.map(({ name, opType }) => [name, opType]));
  return ({ name, operator }) => operators.get(name) === operator;
}
