import { binding } from 'onnxruntime-node/dist/binding.js';
import { messageOf } from '../../core/errors.ts';
import { buildGraph } from '../../models/onnx/builder.ts';
import { elementTypeNumbers } from '../../models/onnx/element-type.ts';
import { loadSession } from '../../models/onnx/session.ts';
import { encodeModel } from '../../models/onnx/write.ts';
import { defaultTargetSettings } from '../../results/target-schema.ts';
import { graphicsDriver } from '../graphics-driver.ts';
import { packageVersion } from '../package-version.ts';
import type { Probe } from '../runner.ts';
import { ortDevices } from './devices.ts';
import { libraryFault } from './provider-library.ts';
import { sessionOptions } from './session-options.ts';

type Unavailable = Extract<Probe, { status: 'unavailable' }>;

/** Proves a device by adding 1 to [1, 2] on it. */
export async function probeDevice(device: string): Promise<Probe> {
  const fault = notOffered(device) ?? libraryFault(device);
  if (fault !== null) return { status: 'unavailable', ...fault };
  try {
    await addOne(device);
  } catch (thrown) {
    const remedy = ortDevices[device]?.remedy ?? 'assay doctor';
    return { status: 'unavailable', reason: shortReason(messageOf(thrown)), remedy };
  }
  const version = `ONNX Runtime ${packageVersion('onnxruntime-node')}`;
  if (device !== 'webgpu') return { status: 'works', detail: version, isSoftware: false };
  const { name, isSoftware } = graphicsDriver();
  return { status: 'works', detail: `${version}, ${name}`, isSoftware, ...(await float16Fault(device)) };
}

/** An adapter without shader-f16 is given models in float16 all the same, and fails once one is run. */
async function float16Fault(device: string): Promise<{ withoutFloat16?: string }> {
  try {
    await addOne(device, 'float16');
    return {};
  } catch (thrown) {
    const reason = shortReason(messageOf(thrown));
    return { withoutFloat16: `the ${device} adapter does not compute in float16: ${reason}` };
  }
}

/** The package's own word on what it holds for this platform. */
function notOffered(device: string): Omit<Unavailable, 'status'> | null {
  const offered = binding.listSupportedBackends().map(({ name }) => name);
  if (offered.includes(device)) return null;
  const here = `${process.platform} on ${process.arch}`;
  const known = ortDevices[device];
  const reason =
    known === undefined
      ? `ONNX Runtime has no device "${device}"`
      : `${known.title} is offered on ${known.offeredOn}; this is ${here}`;
  return { reason, remedy: `here choose one of: ${offered.join(', ')}` };
}

type Precision = 'float16' | 'float32';

async function addOne(device: string, precision: Precision = 'float32'): Promise<void> {
  const settings = { ...defaultTargetSettings, device, deviceIndex: 0, threads: 1 };
  const session = await loadSession(probeModel(precision), {
    ...sessionOptions(settings),
    logSeverityLevel: 4,
  });
  try {
    const x = { type: 'float32', dims: [2], data: Float32Array.of(1, 2), location: 'cpu' } as const;
    const second = (session.run({ x }).y?.data as Float32Array | undefined)?.[1];
    if (second !== 3) throw new Error(`2 + 1 came to ${second}`);
  } finally {
    session.close();
  }
}

/**
 * A failed native assertion begins with its file, function and condition; a failed node with its name; CUDA's reason is in the middle,
 * before the host's name.
 */
function shortReason(message: string): string {
  const cuda = /CUDA failure [^;]*/.exec(message)?.[0];
  const [firstLine = ''] = message.split('\n');
  return (cuda ?? firstLine.replace(/^.*( was false\. | Status Message: )/, '')).trim();
}

/** Takes and gives float32, whatever it computes in. */
function probeModel(precision: Precision): Uint8Array {
  const graph = buildGraph('probe');
  const cast = (value: string, to: Precision, outputs?: readonly string[]): string =>
    graph.node('Cast', [value], {
      attributes: { to: { int: elementTypeNumbers[to] } },
      ...(outputs && { outputs }),
    });
  const x = graph.input('x', { type: 'float32', shape: [2] });
  const one = graph.initializer('one', { type: 'float32', shape: [1], data: Float32Array.of(1) });
  const sum = graph.node('Add', [cast(x, precision), cast(one, precision)]);
  cast(sum, 'float32', ['y']);
  graph.output('y', { type: 'float32', shape: [2] });
  return encodeModel(graph.model());
}
