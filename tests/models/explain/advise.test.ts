import { beforeAll, describe, expect, test } from 'vitest';
import { adviceList, type AdviceCode } from '../../../core/advice.ts';
import { sliceRows } from '../../../core/tensor.ts';
import { advise } from '../../../models/explain/advise.ts';
import type { Examined } from '../../../models/explain/examined.ts';
import type { Profile } from '../../../models/explain/profile.ts';
import { buildGraph } from '../../../models/onnx/builder.ts';
import { changed, type OnnxModel } from '../../../models/onnx/model.ts';
import { executedGraph } from '../../../models/onnx/optimize.ts';
import { applyPasses } from '../../../models/passes/apply.ts';
import { parseVariant, stepsOn, type PassStep } from '../../../models/variant.ts';
import { profileCalls } from '../../../runners/explain/profile-calls.ts';
import { parseTarget } from '../../../suites/target.ts';
import { catalogModel, type CatalogModel } from '../passes/catalog-calibration.ts';
import {
  withDequantizedWeights,
  withDynamicConvolutions,
  withHalfWeights,
  withInputRangesOnly,
  withoutAccuracyLevel,
  withSparseWeights,
} from './flawed-models.ts';

const vnni = ['avx2', 'avx512_vnni'];

let digits: CatalogModel;
let tumours: CatalogModel;
let digitsProfile: Profile;
let tumoursProfile: Profile;

beforeAll(async () => {
  [digits, tumours] = await Promise.all([catalogModel('digits-cnn'), catalogModel('tumours-mlp')]);
  [digitsProfile, tumoursProfile] = await Promise.all([profileOf(digits), profileOf(tumours)]);
});

/** One sample a call. */
async function profileOf({ file, calibration }: CatalogModel): Promise<Profile> {
  for await (const batch of calibration.batches()) {
    const entries = Object.entries(batch).map(([name, tensor]) => [name, sliceRows(tensor, 0, 1)] as const);
    const artifact = { format: 'onnx', path: file.path } as const;
    const target = parseTarget('onnxruntime/cpu');
    return profileCalls({ artifact, target, threads: 1, inputs: Object.fromEntries(entries) });
  }
  throw new Error('there are calibration data');
}

async function applied({ source, calibration }: CatalogModel, variant: string): Promise<OnnxModel> {
  const made = await applyPasses(source, stepsOf(variant), calibration);
  if ('reason' in made) throw new Error(made.reason);
  return made.model;
}

function stepsOf(variant: string): readonly PassStep<'onnx'>[] {
  return stepsOn(parseVariant(variant), 'onnx') ?? [];
}

async function examined(stored: OnnxModel, known: Partial<Examined> = {}): Promise<Examined> {
  return {
    stored,
    executed: await executedGraph(stored),
    steps: [],
    situation: { device: 'cpu', cpuFlags: vnni },
    shapes: { calibrated: null, served: null },
    baseline: null,
    profile: null,
    ...known,
  };
}

const steps = (variant: string): Pick<Examined, 'steps'> => ({ steps: parseVariant(variant).steps });
const on = (device: string, cpuFlags: readonly string[] = vnni): Pick<Examined, 'situation'> => ({
  situation: { device, cpuFlags },
});
const shaped = (calibrated: number[], served: number[]): Pick<Examined, 'shapes'> => ({
  shapes: { calibrated: { image: calibrated }, served: { image: served } },
});

/** For each code a real model that it is for, and one that it is not for though it is near. */
const cases: Readonly<
  Record<AdviceCode, readonly [fires: () => Promise<Examined>, silent: () => Promise<Examined>]>
> = {
  'accuracy-level-unset': [
    async () => examined(withoutAccuracyLevel(await applied(tumours, 'int4-weights'))),
    async () => examined(await applied(tumours, 'int4-weights')),
  ],
  'calibration-shapes-differ': [
    async () =>
      examined(await applied(digits, 'int8-static'), {
        ...steps('int8-static'),
        ...shaped([8, 1, 8, 8], [1, 1, 16, 16]),
      }),
    async () =>
      examined(await applied(digits, 'int8-static'), {
        ...steps('int8-static'),
        ...shaped([8, 1, 8, 8], [1, 1, 8, 8]),
      }),
  ],
  'dynamic-convolution': [
    () => examined(withDynamicConvolutions(digits.source)),
    async () => examined(await applied(digits, 'int8-static')),
  ],
  'falls-back': [
    async () => examined(await applied(digits, 'int8-static'), on('webgpu')),
    async () => examined(await applied(digits, 'int4-weights'), on('webgpu')),
  ],
  'half-precision-on-cpu': [
    async () => examined(await applied(digits, 'fp16')),
    async () => examined(await applied(digits, 'fp16'), on('webgpu')),
  ],
  'little-reached': [
    async () =>
      examined(await applied(digits, 'int8-dynamic'), {
        ...steps('int8-dynamic'),
        baseline: mostlyConvolutions(digitsProfile),
      }),
    async () =>
      examined(await applied(digits, 'int8-static'), { ...steps('int8-static'), baseline: digitsProfile }),
  ],
  'may-saturate': [
    async () => examined(await applied(digits, 'int8-static'), on('cpu', ['avx2'])),
    async () => examined(await applied(digits, 'int8-static-reduce-range'), on('cpu', ['avx2'])),
  ],
  'quantize-dequantize-unfused': [
    () => examined(withDequantizedWeights(tumours.source)),
    async () => examined(await applied(tumours, 'int8-static')),
  ],
  'static-output-not-quantized': [
    () => examined(withInputRangesOnly(tumours.source, 10)),
    async () => examined(await applied(tumours, 'int8-static')),
  ],
  'storage-only': [
    () => examined(withHalfWeights(tumours.source)),
    async () => examined(await applied(tumours, 'fp16')),
  ],
  'too-small-to-gain': [
    async () =>
      examined(await applied(tumours, 'int8-dynamic'), {
        ...steps('int8-dynamic'),
        baseline: tumoursProfile,
      }),
    async () =>
      examined(await applied(digits, 'int8-dynamic'), { ...steps('int8-dynamic'), baseline: digitsProfile }),
  ],
  'zeros-on-dense-kernels': [
    async () => examined(await applied(digits, 'prune-2-of-4')),
    () => examined(digits.source),
  ],
};

/** The profile with convolutions ten times as slow, as on larger images. */
function mostlyConvolutions({ calls, nodes }: Profile): Profile {
  return {
    calls,
    nodes: nodes.map((node) => (node.operator === 'Conv' ? { ...node, ms: node.ms * 10 } : node)),
  };
}

describe.each(Object.keys(cases) as AdviceCode[])('%s', (code) => {
  test('is advised where it holds, with what was found and what to do', async () => {
    const given = advise(await cases[code][0]()).find((one) => one.code === code);
    expect(given).toMatchObject({ code, action: adviceList[code].action });
    expect(given?.detail).not.toBe('');
  });

  test('is not advised where it does not hold', async () => {
    expect(advise(await cases[code][1]()).map((one) => one.code)).not.toContain(code);
  });
});

test('of a model of a fixed batch no more samples a call are advised', async () => {
  const graph = buildGraph('fixed');
  graph.node('Relu', [graph.input('x', { type: 'float32', shape: [7, 2] })], { outputs: ['y'] });
  graph.output('y', { type: 'float32', shape: [7, 2] });
  const known = { ...steps('int8-dynamic'), baseline: tumoursProfile };
  const given = advise(await examined(graph.model(), known));
  expect(given.find(({ code }) => code === 'too-small-to-gain')?.action).toBe(
    'export the model for more than the 7 samples a call that it takes, or keep the baseline',
  );
});

test('a node without a name is told by its output', async () => {
  const { graph, ...model } = withDequantizedWeights(tumours.source);
  const node = graph.node.map((one) => changed(one, { name: '' }));
  const given = advise(await examined({ ...model, graph: changed(graph, { node }) }));
  expect(given.find(({ code }) => code === 'quantize-dequantize-unfused')?.detail).toMatch(
    /\(\w+ \w\S*, for one\)/v,
  );
});

test('weights without their zeros are for storage only, too', async () => {
  const sparse = withSparseWeights(await applied(tumours, 'prune-magnitude-50'));
  expect(advise(await examined(sparse)).map(({ code }) => code)).toContain('storage-only');
});

test('nothing is advised about an int8 variant that suits model and processor', async () => {
  const variant = await examined(await applied(digits, 'int8-static'), {
    ...steps('int8-static'),
    baseline: digitsProfile,
    ...shaped([8, 1, 8, 8], [1, 1, 8, 8]),
  });
  expect(advise(variant)).toEqual([]);
});

test.each([
  ['uint8-storage', 'storage-only'],
  ['prune-magnitude-50', 'zeros-on-dense-kernels'],
])(
  '%s of a TF.js model, of which no graph is known, is advised on by what its passes are',
  (variant, code) => {
    const { steps: made } = parseVariant(variant);
    const known = { stored: null, executed: null, steps: made, baseline: null, profile: null };
    const shapes = { calibrated: null, served: null };
    expect(advise({ ...known, shapes, ...on('wasm', []) }).map((one) => one.code)).toEqual([code]);
  },
);

test.each(['prune-magnitude-50+int8-dynamic', 'prune-magnitude-10'])(
  'zeros of %s are advised on though they are few or in integers',
  async (variant) => {
    const made = await examined(await applied(tumours, variant), steps(variant));
    expect(advise(made).map(({ code }) => code)).toContain('zeros-on-dense-kernels');
  },
);

test.each([
  ...['fp16', 'int8-static', 'int8-static-reduce-range', 'prune-2-of-4', 'int8-dynamic'],
  ...['prune-channels-50-plain+int8-dynamic', 'prune-channels-50-plain+int4-weights'],
  ...['prune-2-of-4+int8-dynamic', 'prune-channels-50-plain+fp16'],
])('%s is advised on before it is made as it is once it is made', async (variant) => {
  const known = { ...steps(variant), ...on('cpu', ['avx2']), baseline: mostlyConvolutions(digitsProfile) };
  const made = await examined(await applied(digits, variant), known);
  const unmade = { ...made, stored: null, executed: null };
  expect(advise(unmade).map(({ code }) => code)).toEqual(advise(made).map(({ code }) => code));
});

test.each([
  ['not where there is no product', (): Profile => ({ calls: 1, nodes: [] }), []],
  ['where there is one', (): Profile => tumoursProfile, ['may-saturate']],
  ['where nothing is known', (): null => null, ['may-saturate']],
] as const)('that a variant yet to be made may saturate is said %s in its baseline', (_, profile, told) => {
  const known = { stored: null, executed: null, baseline: profile(), profile: null };
  const shapes = { calibrated: null, served: null };
  const given = advise({ ...known, shapes, ...steps('int8-static'), ...on('cpu', ['avx2']) });
  const found = given.filter(({ code }) => code === 'may-saturate');
  expect(found.map(({ code }) => code)).toEqual(told);
  for (const { detail } of found) expect(detail).toContain('may lie beyond 64');
});
