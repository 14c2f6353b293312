import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { AssayError } from '../../core/errors.ts';
import { defaultTargetSettings, type TargetSettings } from '../../results/target-schema.ts';
import { checkTargetSettings } from '../../suites/target-options.ts';
import { parseTarget, targetNames } from '../../suites/target.ts';

function check(target: string, settings: Partial<TargetSettings>): void {
  checkTargetSettings(parseTarget({ target, ...defaultTargetSettings, ...settings }));
}

test('every target takes the settings it has by default', () => {
  for (const name of targetNames) check(name, {});
});

test('known options of session and device are accepted', () => {
  const sessionOptions = {
    executionMode: 'parallel',
    'session.disable_cpu_ep_fallback': true,
    'session.intra_op_thread_affinities': '1,2;3-4;5',
  };
  check('onnxruntime/webgpu', { sessionOptions, providerOptions: { preferredLayout: 'NHWC' } });
  check('onnxruntime/cuda', { deviceIndexes: [0, 3] });
  check('onnxruntime/cpu', { deviceIndexes: [0, 1] });
  check('onnxruntime/coreml', { providerOptions: { coreMlFlags: 4 } });
});

type Refused = [target: string, settings: Partial<TargetSettings>, message: string];

test.for<Refused>([
  [
    'onnxruntime/cpu',
    { sessionOptions: { 'session.disable_prepack': true } },
    'onnxruntime/cpu: sessionOptions: unknown option "session.disable_prepack". Did you mean "session.disable_prepacking"',
  ],
  [
    'onnxruntime/cpu',
    { sessionOptions: { executionMode: 'both' } },
    'sessionOptions.executionMode: Invalid option: expected one of "sequential"|"parallel"; found "both"',
  ],
  [
    'onnxruntime/cpu',
    { sessionOptions: { interOpNumThreads: 0.5 } },
    'sessionOptions.interOpNumThreads: expected a whole number; found 0.5',
  ],
  ...['everywhere', '0', '2-1', '1-2-3', '1,,2', '1;'].map((found): Refused => [
    'onnxruntime/cpu',
    { sessionOptions: { 'session.intra_op_thread_affinities': found } },
    `sessionOptions.session.intra_op_thread_affinities: expected processors from 1 on, such as "1,2;3-4", of each thread but the first; found "${found}"`,
  ]),
  ['onnxruntime/cpu', { sessionOptions: { intraOpNumThreads: 2 } }, 'Did you mean "interOpNumThreads"'],
  [
    'onnxruntime/cuda',
    { providerOptions: { cudnn_conv_algo_search: 'EXHAUSTIVE' } },
    'providerOptions: unknown option "cudnn_conv_algo_search". None is accepted here.',
  ],
  [
    'onnxruntime/webgpu',
    { providerOptions: { preferredLayout: 'HWC' } },
    'providerOptions.preferredLayout: Invalid option: expected one of "NCHW"|"NHWC"; found "HWC"',
  ],
  [
    'onnxruntime/webgpu',
    { deviceIndexes: [1] },
    'deviceIndexes: the system chooses the device; only 0 is accepted, found 1',
  ],
  [
    'onnxruntime/cpu',
    { deviceIndexes: [1] },
    'deviceIndexes: there is one cpu; 0 is accepted, or 0, 1 and so on for as many workers of offline, found 1',
  ],
  ['tfjs/wasm', { deviceIndexes: [0, 2] }, 'deviceIndexes: there is one wasm; 0 is accepted'],
  ['onnxruntime/cuda', { deviceIndexes: [2, 2] }, 'deviceIndexes: 2, 2 has one twice'],
  [
    'tfjs/wasm',
    { graphOptimization: 'basic' },
    'graphOptimization: tfjs runs the graph as it is; leave it out',
  ],
])('%s refuses %o with what it accepts', ([target, settings, message]) => {
  expect(() => {
    check(target, settings);
  }).toThrow(message);
});

test('the options that an error does not name are listed in the documentation, and no others', () => {
  const docs = readFileSync(new URL('../../docs/formats.md', import.meta.url), 'utf8');
  const listed = [...docs.matchAll(/^\| `([\w.]+)` +\| .*\|$/gm)].flatMap(([, name = '']) => name);
  const refuse = (option: string): AssayError => {
    try {
      check('onnxruntime/cpu', { sessionOptions: { [option]: -0.5 } });
    } catch (thrown) {
      if (thrown instanceof AssayError) return thrown;
    }
    throw new Error(`${option} is taken`);
  };
  const { message, hint } = refuse('ä');
  const [, more] = /and (\d+) more\.$/.exec(message) ?? [];
  const known = listed.filter((name) => !refuse(name).message.includes('unknown option'));
  expect(known).toHaveLength(3 + Number(more));
  expect(hint).toContain('docs/formats.md lists');
});
