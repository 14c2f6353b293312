import type { DeviceKind } from '../passes/pass.ts';
import { passes, type PassName } from '../passes/registry.ts';
import type { PassStep } from '../variant.ts';

/** Where a variant is to run. */
export interface Situation {
  device: DeviceKind;
  /** Instruction sets of the processor, e.g. `avx512_vnni`. */
  cpuFlags: readonly string[];
  batchSize: number;
}

/** What to expect of a pass before anything is measured, and why. */
export interface Expectation {
  speed: 'faster' | 'as fast' | 'slower' | 'faster or slower';
  because: string;
}

type Rule = (situation: Situation, step: PassStep<'onnx'>) => Expectation;

/** ONNX Runtime's kernels for integer products need one of these to be fast and not to saturate. */
const dotProductFlags = ['avx512_vnni', 'avx_vnni', 'amx_int8', 'i8mm'];

/**
 * What a pass is likely to do to latency on a device, from what ONNX Runtime 1.30 has kernels for. It is advice: a run
 * measures.
 */
export function expectSpeed(step: PassStep<'onnx'>, situation: Situation): Expectation {
  const { paysOn } = passes[step.pass];
  if (!paysOn.includes(situation.device)) return unpaid(step.pass, situation.device);
  return ruleOf(step.pass)(situation, step);
}

function unpaid(pass: PassName, device: DeviceKind): Expectation {
  if (pass === 'convert-fp16' && device === 'cpu')
    return { speed: 'as fast', because: 'the CPU kernels compute in float32 again: only the file halves' };
  if (pass.startsWith('prune-'))
    return { speed: 'as fast', because: 'no kernel skips zeros: only the compressed file is smaller' };
  return {
    speed: 'slower',
    because: `${device} has no kernels for it: nodes fall back or weights are expanded`,
  };
}

function ruleOf(pass: PassName): Rule {
  if (pass.startsWith('prune-'))
    return () => ({ speed: 'faster', because: 'the layers are narrower: less is computed' });
  if (pass === 'quantize-weights') return weightOnly;
  return pass.startsWith('quantize-') ? integerProducts : () => halfPrecision;
}

const halfPrecision: Expectation = { speed: 'faster', because: 'the device computes in half precision' };

function weightOnly({ batchSize }: Situation): Expectation {
  if (batchSize < 16)
    return { speed: 'faster', because: 'few rows a call: reading the weights is what takes the time' };
  const because = `at batch size ${batchSize} the products take the time, not reading the weights`;
  return { speed: 'faster or slower', because };
}

function integerProducts({ device, cpuFlags }: Situation, { parameters }: PassStep): Expectation {
  const hasDotProducts = device !== 'cpu' || dotProductFlags.some((flag) => cpuFlags.includes(flag));
  if (hasDotProducts) return { speed: 'faster', because: 'there are kernels for integer products' };
  const saturation =
    parameters.reduceRange === true ? '' : ', and sums may saturate: the variant with -reduce-range does not';
  return {
    speed: 'faster or slower',
    because: `this processor has no integer dot product (VNNI)${saturation}`,
  };
}
