import { expect, test } from 'vitest';
import { expectations } from '../../../models/explain/expectations.ts';
import { expectRatio, type ExpectRequest } from '../../../models/explain/expect.ts';
import type { ProfiledNode } from '../../../models/explain/profile.ts';
import { passes, type PassName } from '../../../models/passes/registry.ts';

const vnni = { device: 'cpu', cpuFlags: ['avx512_vnni'] };

function node(operator: string, ms: number, [inputs, outputs]: [number[][], number[][]]): ProfiledNode {
  return { name: operator, operator, provider: 'CPU', ms, runs: 1, inputs, outputs };
}

/** A quarter of the time each: a product of many rows, a convolution, attention, and the rest. */
const nodes = [
  node('Gemm', 1, [[[64, 512], [512]], [[64, 512]]]),
  node('Conv', 1, [[[1, 64, 56, 56], [64, 64, 3, 3], [64]], [[1, 64, 56, 56]]]),
  node('MatMul', 1, [
    [
      [1, 8, 16, 64],
      [1, 8, 64, 16],
    ],
    [[1, 8, 16, 16]],
  ]),
  node('Softmax', 1, [[[1, 10]], [[1, 10]]]),
];

function expected(pass: PassName, request: Partial<ExpectRequest> = {}): ReturnType<typeof expectRatio> {
  const baseline = { calls: 1, nodes };
  return expectRatio({
    steps: [{ pass, parameters: {} }],
    baseline,
    situation: vnni,
    isKept: () => false,
    shrink: 1,
    ...request,
  });
}

test('what a pass does not reach keeps its time: the whole is never faster than the rest allows', () => {
  const { ratio, reached, parts } = expected('quantize-dynamic');
  expect(reached).toBeCloseTo(0.25, 9);
  expect(parts.map(({ kind }) => kind)).toEqual(['product']);
  const own = parts[0]?.ratio ?? { low: NaN, high: NaN };
  expect(ratio?.low).toBeCloseTo(1 / (0.75 + 0.25 / own.low), 9);
  expect(ratio?.high).toBeCloseTo(1 / (0.75 + 0.25 / own.high), 9);
});

test('a node that the variant left as it was is not reached', () => {
  const { ratio, reached } = expected('quantize-static', { isKept: ({ operator }) => operator === 'Gemm' });
  expect(reached).toBeCloseTo(0.25, 9);
  expect(ratio?.high).toBeLessThan(1 / 0.75);
});

test('a node that integers left as it was is reached by what else the variant does to it', () => {
  const steps = (['prune-channels', 'quantize-dynamic'] as const).map((pass) => ({ pass, parameters: {} }));
  const isKept: ExpectRequest['isKept'] = ({ operator }) => operator === 'Conv';
  const { parts } = expected('prune-channels', { steps, isKept, shrink: 2 });
  const sourcesOf = Object.fromEntries(parts.map(({ kind, sources }) => [kind, sources.length]));
  expect(sourcesOf).toEqual({ product: 2, convolution: 1 });
});

test('small products lose by integers, large ones gain', () => {
  const one = (size: number): ExpectRequest['baseline'] => ({
    calls: 1,
    nodes: [node('Gemm', 1, [[[1, size]], [[1, size]]])],
  });
  expect(expected('quantize-dynamic', { baseline: one(64) }).ratio?.high).toBeLessThan(1);
  expect(expected('quantize-dynamic', { baseline: one(1024) }).ratio?.low).toBeGreaterThan(1);
});

test('without an integer dot product less is expected, by another source', () => {
  const without = expected('quantize-static', { situation: { device: 'cpu', cpuFlags: ['avx2'] } });
  const having = expected('quantize-static');
  expect(without.ratio?.high).toBeLessThan(having.ratio?.high ?? 0);
  expect(without.parts.flatMap(({ sources }) => sources.map(({ basis }) => basis))).not.toContain('measured');
});

test('convolutions of int8 activations may gain nothing', () => {
  const baseline = { calls: 1, nodes: nodes.slice(1, 2) };
  const [unsigned, signed] = (['uint8', 'int8'] as const).map((activations) => {
    const steps = [{ pass: 'quantize-static' as const, parameters: { activations } }];
    return expected('quantize-static', { steps, baseline }).ratio;
  });
  expect(unsigned?.low).toBeGreaterThan(1);
  expect(signed?.low).toBe(1);
});

test('fewer weights gain as many times as there are fewer, within the range that was seen', () => {
  const [same, quarter] = [1, 4].map((shrink) => expected('prune-neurons', { shrink }).ratio);
  expect(same).toEqual({ low: 1, high: 1 });
  expect(quarter?.low).toBeGreaterThan(1);
});

test('passes one after the other multiply what they do to a node', () => {
  const steps = (['prune-neurons', 'quantize-dynamic'] as const).map((pass) => ({ pass, parameters: {} }));
  const both = expected('prune-neurons', { steps, shrink: 2 });
  expect(both.ratio?.high).toBeGreaterThan(expected('quantize-dynamic').ratio?.high ?? Infinity);
  expect(both.parts[0]?.sources).toHaveLength(2);
});

test('where no figure is known there is no expectation', () => {
  expect(expected('convert-fp16', { situation: { device: 'webgpu', cpuFlags: [] } }).ratio).toBeNull();
});

test('every pass has expectations on the CPU, each range in order and with its source', () => {
  for (const pass of Object.keys(passes) as PassName[])
    expect(expectations.some((one) => one.passes.includes(pass) && one.devices.includes('cpu'))).toBe(true);
  for (const { effect, text } of expectations) {
    const range = effect.kind === 'ratio' ? effect.ratio : effect.gain;
    expect(range.low).toBeLessThan(range.high);
    expect(text).not.toBe('');
  }
});
