import * as ort from 'onnxruntime-node';
import { messageOf } from '../../core/errors.ts';
import { buildGraph } from '../../models/onnx/builder.ts';
import { encodeModel } from '../../models/onnx/write.ts';
import type { Probe } from '../runner.ts';

const remedies: Readonly<Record<string, string>> = {
  cpu: 'npm install, then assay doctor',
  webgpu:
    'install a Vulkan, Metal or Direct3D 12 driver (a software one: VK_ICD_FILENAMES=<its .json>), then assay doctor',
};

/** Proves a device by adding 1 to [1, 2] on it. */
export async function probeDevice(device: string): Promise<Probe> {
  try {
    const session = await ort.InferenceSession.create(probeModel(), {
      executionProviders: [device],
      logSeverityLevel: 4,
    });
    const { y } = await session.run({ x: new ort.Tensor('float32', [1, 2], [2]) });
    const second = (y?.data as Float32Array | undefined)?.[1];
    await session.release();
    if (second !== 3) throw new Error(`2 + 1 came to ${second}`);
    return {
      status: 'works',
      detail: `ONNX Runtime ${ort.env.versions.node ?? ''}`,
      isSoftware: isSoftwareAdapter(device),
    };
  } catch (thrown) {
    return {
      status: 'unavailable',
      reason: withoutSourceLocation(messageOf(thrown)),
      remedy: remedies[device] ?? 'assay doctor',
    };
  }
}

/** A failed native assertion begins with its file, function and condition; the reason follows. */
function withoutSourceLocation(message: string): string {
  const [firstLine = ''] = message.split('\n');
  return firstLine.replace(/^.* was false\. /, '').trim();
}

/** The binding does not tell which adapter it took; a driver forced to a software one is what can be seen from here. */
function isSoftwareAdapter(device: string): boolean {
  const drivers = process.env.VK_ICD_FILENAMES ?? process.env.VK_DRIVER_FILES ?? '';
  return device === 'webgpu' && /swiftshader|lavapipe|lvp/i.test(drivers);
}

function probeModel(): Uint8Array {
  const graph = buildGraph('probe');
  const x = graph.input('x', { type: 'float32', shape: [2] });
  const one = graph.initializer('one', { type: 'float32', shape: [1], data: Float32Array.of(1) });
  graph.node('Add', [x, one], { outputs: ['y'] });
  graph.output('y', { type: 'float32', shape: [2] });
  return encodeModel(graph.model());
}
