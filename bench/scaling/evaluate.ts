/**
 * Evaluates a workload in a host, and prints how long that took. Arguments: lanes, cells, workload as JSON, and `cold` where the
 * first thing that the host evaluates is the workload; else it has evaluated another one, and so loaded its modules.
 */
import module from 'node:module';
import path from 'node:path';
import type { EvaluateResult, EvaluateTask } from '../../runners/pool/task.ts';
import type { Workload } from '../workloads/workload.ts';

// As the command line does, before anything of ours is imported; Python keeps what it has compiled, too.
module.enableCompileCache();
const { packageRoot } = await import('../../core/package-root.ts');
const { contentBytes } = await import('../../models/content-hash.ts');
const { startHost } = await import('../../runners/pool/supervise.ts');
const { parseTarget } = await import('../../suites/target.ts');

type Asked = Pick<EvaluateTask, 'dataset' | 'task' | 'metrics'> & { model: string };

const other: Asked = {
  dataset: 'tumours',
  task: { kind: 'classification', scores: 'logits' },
  metrics: ['accuracy', 'f1-macro', 'log-loss'],
  model: path.join(packageRoot, 'models/catalog/tumours-mlp/model.onnx'),
};

const [lanes = '1', cells = '1', text = '', start] = process.argv.slice(2);
const target = parseTarget('onnxruntime/cpu');
const host = startHost({ workers: Number(lanes), timeoutMs: 600_000, runners: [target.runner] });
if (start !== 'cold') await evaluate(other, 2 * Number(lanes));
const startMs = performance.now();
const results = await evaluate(JSON.parse(text) as Workload, Number(cells));
const seconds = (performance.now() - startMs) / 1000;
host.close();
const values = Object.fromEntries(results[0]?.metrics.map(({ id, value }) => [id, value]) ?? []);
const samples = results.reduce((sum, { predictions }) => sum + predictions.ids.length, 0);
process.stdout.write(JSON.stringify({ seconds, samples, values }));

async function evaluate({ dataset, task, metrics, model }: Asked, count: number): Promise<EvaluateResult[]> {
  const sizeBytes = await contentBytes([model]);
  const outcomes = await Promise.all(
    Array.from({ length: count }, () =>
      host.run({
        ...{ kind: 'evaluate', target, dataset, task, metrics, level: 0.95, seed: 1 },
        artifact: { format: 'onnx', path: model },
        sizeBytes,
      }),
    ),
  );
  return outcomes.map((outcome) => {
    if (outcome.status !== 'done') throw new Error(JSON.stringify(outcome));
    return outcome.result;
  });
}
