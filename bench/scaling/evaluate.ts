/** Evaluates a workload in a host that has started, and prints how long that took. Arguments: lanes, cells, workload as JSON. */
import { startHost } from '../../runners/pool/supervise.ts';
import { parseTarget } from '../../suites/target.ts';
import type { Workload } from '../workloads/workload.ts';

const [lanes = '1', cells = '1', text = ''] = process.argv.slice(2);
const workload = JSON.parse(text) as Workload;
const target = parseTarget('onnxruntime/cpu');
const host = startHost({ workers: Number(lanes), timeoutMs: 600_000 });
await Promise.all(Array.from({ length: Number(lanes) }, () => host.run({ kind: 'probe', target })));
const start = performance.now();
const { dataset, task, metrics, model } = workload;
const outcomes = await Promise.all(
  Array.from({ length: Number(cells) }, () =>
    host.run({
      ...{ kind: 'evaluate', target, dataset, task, metrics, level: 0.95, seed: 1 },
      artifact: { format: 'onnx', path: model },
    }),
  ),
);
const seconds = (performance.now() - start) / 1000;
host.close();
const results = outcomes.map((outcome) => {
  if (outcome.status !== 'done') throw new Error(JSON.stringify(outcome));
  return outcome.result;
});
const values = Object.fromEntries(results[0]?.metrics.map(({ id, value }) => [id, value]) ?? []);
const samples = results.reduce((sum, { predictions }) => sum + predictions.ids.length, 0);
process.stdout.write(JSON.stringify({ seconds, samples, values }));
