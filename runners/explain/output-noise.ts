import type { Tensors } from '../../core/tensor.ts';
import type { Target } from '../../suites/target.ts';
import { bindInputs } from '../bind-inputs.ts';
import { loadSettings } from '../load-settings.ts';
import { importRunner } from '../registry.ts';
import type { Artifact } from '../runner.ts';
import type { NoiseTask } from './tasks.ts';

/** The root mean square of the change of all float outputs of a variant over that of the outputs; null where one is not finite. */
export async function outputNoise({ target, artifacts, inputs }: NoiseTask): Promise<number | null> {
  const [baseline, variant] = [
    await outputsOf(artifacts.baseline, target, inputs),
    await outputsOf(artifacts.variant, target, inputs),
  ];
  let [signal, noise] = [0, 0];
  for (const [name, tensor] of Object.entries(baseline)) {
    const other = variant[name];
    if (tensor.type !== 'float32' || other?.type !== 'float32') continue;
    for (const [index, value] of tensor.data.entries()) {
      signal += value * value;
      noise += (value - (other.data[index] ?? NaN)) ** 2;
    }
  }
  const ratio = signal === 0 ? NaN : Math.sqrt(noise / signal);
  return Number.isFinite(ratio) ? ratio : null;
}

async function outputsOf(artifact: Artifact, target: Target, inputs: Tensors): Promise<Tensors> {
  const runner = await importRunner(target.runner);
  const session = await runner.load(artifact, loadSettings(target, { threads: 1 }));
  try {
    return await bindInputs(session, inputs)(inputs);
  } finally {
    await session.close();
  }
}
