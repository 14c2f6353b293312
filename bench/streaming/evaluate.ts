/**
 * Evaluates a model on a dataset in a process of its own, keeping no rows after they were read, and prints how many samples, how
 * long and how much memory it took.
 */
import { contentBytes } from '../../models/content-hash.ts';
import { ownThread } from '../../runners/pool/own-thread.ts';
import { evaluateCell } from '../../runners/pool/evaluate-cell.ts';
import { parseTarget } from '../../suites/target.ts';

const [dataset = '', model = ''] = process.argv.slice(2);
const start = performance.now();
const task = {
  kind: 'evaluate',
  target: parseTarget('onnxruntime/cpu'),
  artifact: { format: 'onnx', path: model },
  sizeBytes: await contentBytes([model]),
  dataset,
  task: { kind: 'regression' },
  metrics: ['mse'],
  level: 0.95,
  seed: 1,
} as const;
const { predictions } = await evaluateCell(task, ownThread, 0);
const seconds = (performance.now() - start) / 1000;
const peakBytes = process.resourceUsage().maxRSS * 1024;
process.stdout.write(JSON.stringify({ samples: predictions.ids.length, seconds, peakBytes }));
