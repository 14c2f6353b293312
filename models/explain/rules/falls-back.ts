import { countEach } from '../../passes/weights.ts';
import type { Profile } from '../profile.ts';
import type { Rule } from '../examined.ts';

/** Operators that providers of ONNX Runtime 1.30 have no kernel for. */
const withoutKernel: Readonly<Record<string, readonly string[]>> = {
  cuda: [
    'ConvInteger',
    'DynamicQuantizeLinear',
    'DynamicQuantizeMatMul',
    'QGemm',
    'QLinearConv',
    'QLinearMatMul',
  ],
  webgpu: [
    ...['ConvInteger', 'DynamicQuantizeLinear', 'DynamicQuantizeMatMul', 'MatMulInteger', 'QGemm'],
    ...['QLinearConv', 'QLinearMatMul', 'QuantizeLinear'],
  ],
};
/** As profiles name the provider of a device. */
const providers: Readonly<Record<string, string>> = { cpu: 'CPU', cuda: 'CUDA', webgpu: 'WebGpu' };

/** Seen in a profile where there is one, else known of the stored operators. */
export const fallsBack: Rule = ({ stored, situation: { device }, profile }) => {
  const provider = providers[device];
  if (provider === undefined) return null;
  if (profile !== null) return seen(profile, provider);
  const missing = withoutKernel[device] ?? [];
  const found = (stored?.graph.node ?? []).filter(({ opType }) => missing.includes(opType));
  if (found.length === 0) return null;
  return `${countEach(found.map(({ opType }) => opType))}: ${device} has no kernel for them`;
};

function seen({ nodes }: Profile, provider: string): string | null {
  const elsewhere = nodes.filter((node) => node.provider !== provider);
  if (elsewhere.length === 0) return null;
  const copies = nodes.filter(({ operator }) => operator.startsWith('Memcpy')).length;
  const what = countEach(elsewhere.map((node) => `${node.operator} on ${node.provider}`));
  return `${what}, with ${copies} copies a call`;
}
