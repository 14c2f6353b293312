import * as z from 'zod';
import { AssayError } from '../core/errors.ts';
import { saidOf } from '../core/parse.ts';
import { suggest } from '../core/suggest.ts';
import { defaultTargetSettings, formatTarget } from '../results/target-schema.ts';
import type { devicesOf } from './target.ts';
import { processorDevices, type RunnerKind, type Target } from './target.ts';
import { affinitiesOption, affinitiesSchema } from './thread-affinities.ts';

/** What an option accepts, by name. */
type Options = Readonly<Record<string, z.ZodType>>;

/** What a runner can be asked for on a device. */
interface Accepted {
  session: Options;
  provider: Options;
  /** Whether several devices of the kind can be told apart. */
  hasIndexes: boolean;
  /** Whether the runtime rewrites the graph when it loads it. */
  rewrites: boolean;
}

const flag = z.boolean();
const text = z.string();
const count = z.int().min(0);

/**
 * ONNX Runtime takes any key and ignores those it does not know, so they are listed here: of version 1.30, those that change what is
 * computed or how fast. What Assay sets itself (threads, graph optimisation, logs, profiles, files) is none of them,
 * and neither is what outlives its session, as flushing denormals does.
 */
const ortSession: Options = {
  executionMode: z.enum(['sequential', 'parallel']),
  interOpNumThreads: z.int().min(1).max(256),
  enableCpuMemArena: flag,
  enableMemPattern: flag,
  'session.disable_cpu_ep_fallback': flag,
  'session.disable_prepacking': flag,
  'session.intra_op.allow_spinning': flag,
  'session.intra_op.spin_backoff_max': count,
  'session.intra_op.spin_duration_us': count,
  [affinitiesOption]: affinitiesSchema,
  'session.inter_op.allow_spinning': flag,
  'session.inter_op.spin_backoff_max': count,
  'session.inter_op.spin_duration_us': count,
  'session.force_spinning_stop': flag,
  'session.dynamic_block_base': count,
  'session.disable_quant_qdq': flag,
  'session.disable_double_qdq_remover': flag,
  'session.disable_qdq_constant_folding': flag,
  'session.enable_quant_qdq_cleanup': flag,
  'session.enable_dq_matmulnbits_fusion': flag,
  'session.qdqisint8allowed': flag,
  'session.qdq_matmulnbits_accuracy_level': count,
  'session.qdq_matmulnbits_block_size': z.int(),
  'session.x64quantprecision': flag,
  'session.disable_aot_function_inlining': flag,
  'session.graph_optimizations_loop_level': count,
  'session.use_device_allocator_for_initializers': flag,
  'session.strict_shape_type_inference': flag,
  'session.allow_released_opsets_only': flag,
  'optimization.disable_specified_optimizers': text,
  'optimization.enable_cast_chain_elimination': flag,
  'optimization.enable_gelu_approximation': flag,
  'mlas.disable_kleidiai': flag,
  'mlas.use_lut_gemm': flag,
};

const cacheMode = z.enum(['disabled', 'lazyRelease', 'simple', 'bucket']);
const webgpuProvider: Options = {
  preferredLayout: z.enum(['NCHW', 'NHWC']),
  validationMode: z.enum(['disabled', 'wgpuOnly', 'basic', 'full']),
  enableRobustness: flag,
  storageBufferCacheMode: cacheMode,
  uniformBufferCacheMode: cacheMode,
  queryResolveBufferCacheMode: cacheMode,
  defaultBufferCacheMode: cacheMode,
};

const ort = { session: ortSession, provider: {}, hasIndexes: true, rewrites: true } as const;
const tfjs = { session: {}, provider: {}, hasIndexes: true, rewrites: false } as const;

type DeviceOf<Kind extends RunnerKind> = (typeof devicesOf)[Kind][number];

/** A processor's devices are as many workers as are asked for. */
const accepted: { [Kind in RunnerKind]: Readonly<Record<DeviceOf<Kind>, Accepted>> } = {
  onnxruntime: {
    cpu: ort,
    webgpu: { ...ort, provider: webgpuProvider, hasIndexes: false },
    // The Node binding passes on the device's number alone.
    cuda: ort,
    tensorrt: ort,
    dml: ort,
    coreml: { ...ort, provider: { coreMlFlags: count }, hasIndexes: false },
  },
  tfjs: {
    wasm: tfjs,
    cpu: tfjs,
    webgpu: { ...tfjs, hasIndexes: false },
    node: tfjs,
    'node-gpu': { ...tfjs, hasIndexes: false },
  },
};

/** Throws `suite-invalid` for a setting that the runner would ignore or refuse on the device, with what it accepts. */
export function checkTargetSettings(target: Target): void {
  const { settings } = target;
  const known: Accepted =
    (accepted[target.runner] as Readonly<Record<string, Accepted>>)[target.device] ?? tfjs;
  const problems = [
    ...problemsOf('sessionOptions', settings.sessionOptions, known.session),
    ...problemsOf('providerOptions', settings.providerOptions, known.provider),
    ...indexProblems(target, known.hasIndexes),
    ...(known.rewrites || settings.graphOptimization === defaultTargetSettings.graphOptimization
      ? []
      : [`graphOptimization: ${target.runner} runs the graph as it is; leave it out`]),
  ];
  if (problems.length === 0) return;
  throw new AssayError('suite-invalid', `${formatTarget(target)}: ${problems.join('; ')}`, {
    hint: 'docs/formats.md lists the settings of each target, with all of their options',
  });
}

function problemsOf(field: string, given: Readonly<Record<string, unknown>>, options: Options): string[] {
  return Object.entries(given).flatMap(([name, value]) => {
    const schema = options[name];
    if (schema === undefined) return [`${field}: unknown option "${name}". ${knownOf(name, options)}`];
    const [issue] = schema.safeParse(value, { reportInput: true }).error?.issues ?? [];
    if (issue === undefined) return [];
    return [`${field}.${name}: ${saidOf(issue)}; found ${JSON.stringify(value)}`];
  });
}

function knownOf(name: string, options: Options): string {
  const names = Object.keys(options);
  return names.length === 0 ? 'None is accepted here.' : suggest(name, names);
}

function indexProblems(
  { device, settings: { deviceIndexes: indexes } }: Target,
  hasIndexes: boolean,
): string[] {
  if (new Set(indexes).size < indexes.length) return [`deviceIndexes: ${indexes.join(', ')} has one twice`];
  const isCounted = indexes.every((index, place) => index === place);
  if (processorDevices.includes(device) && !isCounted)
    return [
      `deviceIndexes: there is one ${device}; 0 is accepted, or 0, 1 and so on for as many workers of offline, found ${indexes.join(', ')}`,
    ];
  if (hasIndexes || indexes.every((index) => index === 0)) return [];
  return [`deviceIndexes: the system chooses the device; only 0 is accepted, found ${indexes.join(', ')}`];
}
