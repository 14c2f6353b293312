/** Evaluates a model on a dataset in a process of its own and prints how many samples, how long and how much memory it took. */
import { evaluateCell } from '../../runners/pool/evaluate-cell.ts';
import { parseTarget } from '../../suites/target.ts';

const [dataset = '', model = ''] = process.argv.slice(2);
const start = performance.now();
const { predictions } = await evaluateCell({
  kind: 'evaluate',
  target: parseTarget('onnxruntime/cpu'),
  artifact: { format: 'onnx', path: model },
  dataset,
  task: { kind: 'regression' },
  metrics: ['mse'],
  level: 0.95,
  seed: 1,
});
const seconds = (performance.now() - start) / 1000;
const peakBytes = process.resourceUsage().maxRSS * 1024;
process.stdout.write(JSON.stringify({ samples: predictions.ids.length, seconds, peakBytes }));
