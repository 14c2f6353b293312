/** Calls timed as a timed process of Assay times them for the latency that it reports. */
import { bindCall } from '../../runners/bind-inputs.ts';
import { onnxruntimeRunner } from '../../runners/onnxruntime/runner.ts';
import { profileCalls } from '../../runners/timing/profile.ts';
import { answerBlocks } from './answer-blocks.ts';
import { loadSettings } from '../../runners/load-settings.ts';
import { parseTarget } from '../../suites/target.ts';

await answerBlocks(async ({ path, shape, data }) => {
  const session = await onnxruntimeRunner.load(
    { format: 'onnx', path },
    loadSettings(parseTarget('onnxruntime/cpu'), { threads: 1 }),
  );
  const call = bindCall(session, { x: { type: 'float32', shape, data } });
  return (ms) => profileCalls(call, { name: path, ms });
});
