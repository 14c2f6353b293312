import { stringify } from 'yaml';
import type { Random } from '../../../core/random.ts';
import { csvRows, datasetManifest, linearModel, suite, type Project } from '../../cli/project.ts';
import { mutateBytes } from '../mutate-bytes.ts';
import { runUntimed } from '../run-untimed.ts';
import type { Subject } from '../subject.ts';
import { damagedJson } from './damaged-json.ts';

const whole = {
  ...suite,
  description: 'Two numbers.',
  variants: ['int8-dynamic', 'prune-magnitude-50+int8-dynamic'],
  targets: ['onnxruntime/cpu', { target: 'onnxruntime/cpu', label: 'plain', graphOptimization: 'disabled' }],
  metrics: ['mse', { id: 'mae' }, 'r2'],
  slices: ['a'],
  timing: { batchSize: 1, threads: 1, seed: 1 },
  scenarios: [{ kind: 'single-stream' }, { kind: 'server', latencyBoundMs: 5 }],
  limits: { timeoutSeconds: 20, memoryMiB: 512 },
};

/** Suites, as JSON and as YAML. */
export const suites: Subject = {
  write: async (project, random) => {
    await writeRest(project);
    // The name tells the format; `use` and the command line take the one that is there.
    await project.write(
      'mine.suite.yaml',
      random.below(4) === 0 ? damagedYaml(random) : damagedJson(whole, random),
    );
  },
  use: (folder, host) => runUntimed(folder, 'mine.suite.yaml', host),
  args: ['validate', 'mine.suite.yaml'],
};

async function writeRest({ write }: Project): Promise<void> {
  const rows = csvRows(20);
  await write('mine.csv', rows);
  await write('mine.dataset.json', JSON.stringify(datasetManifest(rows)));
  await write('mine.onnx', linearModel(2));
}

function damagedYaml(random: Random): Uint8Array {
  return mutateBytes(Buffer.from(stringify(whole)), random);
}
