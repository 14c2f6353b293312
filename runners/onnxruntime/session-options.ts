import type { SessionOptions } from '../../models/onnx/session.ts';
import type { LoadSettings } from '../runner.ts';

/** Settings of a target as ONNX Runtime's binding takes them. */
export function sessionOptions(settings: LoadSettings): SessionOptions {
  const given = Object.entries(settings.sessionOptions);
  return {
    executionProviders: [providerOf(settings)],
    graphOptimizationLevel: settings.graphOptimization,
    intraOpNumThreads: settings.threads,
    interOpNumThreads: 1,
    ...Object.fromEntries(given.filter(([name]) => !isConfigEntry(name))),
    extra: Object.fromEntries(given.filter(([name]) => isConfigEntry(name)).map(configEntry)),
  };
}

/** Most options are entries of ONNX Runtime's configuration, all of them text. */
function isConfigEntry(name: string): boolean {
  return name.includes('.');
}

function configEntry([name, value]: [string, string | number | boolean]): [string, string] {
  return [name, typeof value === 'boolean' ? String(Number(value)) : String(value)];
}

/** Devices of which the binding takes a number. */
const indexed: readonly string[] = ['cuda', 'tensorrt', 'dml'];

/** The package's types know few of the options that the binding passes on. */
function providerOf({
  device,
  deviceIndex,
  providerOptions,
}: LoadSettings): NonNullable<SessionOptions['executionProviders']>[number] {
  const index = indexed.includes(device) ? { deviceId: deviceIndex } : {};
  const provider = { name: device, ...index, ...providerOptions };
  return provider;
}
