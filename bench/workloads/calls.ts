/** Runs the model of a workload over and over, 64 samples a call on one thread, and prints samples a second. Argument: the workload as JSON. */
import { firstBatch } from '../../core/samples.ts';
import { openDataset } from '../../datasets/open.ts';
import { loadSettings } from '../../runners/load-settings.ts';
import { onnxruntimeRunner } from '../../runners/onnxruntime/runner.ts';
import { bindCall } from '../../runners/bind-inputs.ts';
import { batchSize } from '../../runners/pool/shared-split.ts';
import { parseTarget } from '../../suites/target.ts';
import type { Workload } from './workload.ts';

const [text = ''] = process.argv.slice(2);
const { dataset, model } = JSON.parse(text) as Workload;
const { test } = await openDataset(dataset);
const { inputs } = await firstBatch(test, batchSize);
const settings = loadSettings(parseTarget('onnxruntime/cpu'), { threads: 1, deviceIndex: 0 });
const session = await onnxruntimeRunner.load({ format: 'onnx', path: model }, settings);
const call = bindCall(session, inputs);
callFor(500);
process.stdout.write(String(callFor(2000)));

function callFor(milliseconds: number): number {
  const startMs = performance.now();
  let calls = 0;
  while (performance.now() - startMs < milliseconds) {
    call();
    calls++;
  }
  return (1000 * calls * batchSize) / (performance.now() - startMs);
}
