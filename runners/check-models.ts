import { AssayError } from '../core/errors.ts';
import type { Model } from '../models/manifest.ts';
import { parseTarget } from '../suites/target.ts';
import type { PlannedSuite } from './plan.ts';
import { failureOf, type Host } from './pool/supervise.ts';

/**
 * Loads every baseline once and holds its inputs against the dataset. Throws `model-invalid` for the first that is not a
 * model or does not fit, before anything is measured.
 */
export async function checkModels(planned: readonly PlannedSuite[], host: Host): Promise<void> {
  const pairs = planned.flatMap((suite) => suite.models.map((model) => ({ suite, model })));
  await Promise.all(pairs.map(({ suite, model }) => checkModel(suite, model, host)));
}

async function checkModel({ loaded }: PlannedSuite, model: Model, host: Host): Promise<void> {
  const { suite } = loaded;
  const outcome = await host.run({
    kind: 'check',
    target: parseTarget('onnxruntime/cpu'),
    artifact: { format: 'onnx', path: model.onnx.path },
    dataset: suite.dataset,
  });
  if (outcome.status === 'done') return;
  const { reason } = failureOf(outcome);
  const message = `Model ${model.onnx.path} cannot run on dataset ${suite.dataset}: ${reason}.`;
  throw new AssayError('model-invalid', message, { hint: `assay validate ${loaded.file}` });
}
