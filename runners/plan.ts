import { dataIdentity } from '../datasets/data-identity.ts';
import { openDataset, type OpenDataset } from '../datasets/open.ts';
import { fileOf, loadModel, type Model } from '../models/manifest.ts';
import { AssayError } from '../core/errors.ts';
import { hashOf } from '../core/hash.ts';
import { shellWord } from '../core/shell-word.ts';
import type { Subject } from '../results/schema.ts';
import { expandSuite, type GroupJob } from '../suites/expand.ts';
import { fitToDataset } from '../suites/fit-dataset.ts';
import type { LoadedSuite } from '../suites/load.ts';
import { columnOf } from '../suites/slice.ts';
import { fewestInASlice } from '../tasks/compare/compare-slices.ts';

/** A suite with everything it refers to loaded and checked, and the jobs that follow. */
export interface PlannedSuite {
  loaded: LoadedSuite;
  dataset: OpenDataset;
  models: readonly Model[];
  groups: readonly GroupJob[];
}

/** Loads datasets and models (checksums verified) and expands each suite; throws before anything is measured, and once aborted. */
export async function planSuites(
  suites: readonly LoadedSuite[],
  signal?: AbortSignal,
): Promise<PlannedSuite[]> {
  const planned: PlannedSuite[] = [];
  for (const suite of suites) planned.push(await planSuite(suite, signal));
  return planned;
}

async function planSuite(given: LoadedSuite, signal?: AbortSignal): Promise<PlannedSuite> {
  signal?.throwIfAborted();
  const { dataset: reference, slices } = given.suite;
  const dataset = await openDataset(
    reference,
    slices.map(columnOf).filter((column) => column !== null),
    signal === undefined ? {} : { signal },
  );
  const loaded = { ...given, suite: fitToDataset(given, dataset.manifest) };
  refuseFineSlices(loaded, dataset);
  refuseLargeBatch(loaded, dataset);
  const { suite, hash: suiteHash } = loaded;
  const models = await Promise.all(suite.models.map((model) => loadModel(model)));
  refuseSameIds(models, loaded);
  const groups = expandSuite({
    suite,
    suiteHash,
    dataset: { id: dataset.manifest.id, hash: dataIdentity(dataset.manifest) },
    models: models.map((model) => ({ id: model.id, hash: identityOf(model) })),
  });
  return { loaded, dataset, models, groups };
}

/** So many values may have any number of samples each. */
const mostSmallSlices = 20;

/** A column of measurements has a value for each sample or so: slices by it would take their share of alpha and tell nothing. */
function refuseFineSlices({ suite, file }: LoadedSuite, { testColumn, testSamples }: OpenDataset): void {
  for (const column of suite.slices.map(columnOf)) {
    if (column === null) continue;
    const values = new Set(testColumn(column)).size;
    if (values <= mostSmallSlices || testSamples / values >= fewestInASlice) continue;
    const message = `Suite ${suite.id} slices by "${column}", which has ${values} values in ${testSamples} test samples: fewer than ${fewestInASlice} samples a slice, of which nothing can be judged.`;
    throw new AssayError('suite-invalid', message, {
      hint: `Name a column with fewer values, such as one that tells ranges of it, then: assay validate ${shellWord(file)}`,
    });
  }
}

/** Fewer samples would be timed than records tell, and a model exported for so many would refuse them. */
function refuseLargeBatch({ suite, file }: LoadedSuite, { test: { count }, manifest }: OpenDataset): void {
  const { batchSize } = suite.timing;
  if (batchSize <= count) return;
  const message = `Suite ${suite.id} times calls of ${batchSize} samples ("batchSize" of "timing"), and dataset ${manifest.id} has ${count} to test with: at most ${count} are accepted.`;
  throw new AssayError('suite-invalid', message, {
    hint: `Set a smaller one, with a model that takes batches of that size, or give more test samples, then: assay validate ${shellWord(file)}`,
  });
}

/** A model is known by its id, in jobs and in records. */
function refuseSameIds(models: readonly Model[], { portable, file }: LoadedSuite): void {
  const seen = new Map<string, string>();
  for (const [index, { id }] of models.entries()) {
    const [reference = id, other] = [portable.models[index], seen.get(id)];
    if (other !== undefined) {
      const message = `Suite ${portable.id} has two models called "${id}": ${other} and ${reference}. Each needs a name of its own.`;
      throw new AssayError('suite-invalid', message, {
        hint: `Rename one of the files (model.onnx and model.json are called after their folder), then: assay validate ${shellWord(file)}`,
      });
    }
    seen.set(id, reference);
  }
}

/** Of all that decides what comes out of a model, whatever its form. */
function identityOf({ onnx, tfjs, manifest, labels }: Model): string {
  const weights = onnx?.weightsSha256;
  return hashOf([
    ...[onnx?.sha256 ?? null, tfjs?.sha256 ?? null, manifest?.output ?? null],
    ...(weights === undefined ? [] : [{ weights }]),
    ...(labels === null ? [] : [{ labels }]),
  ]);
}

/** The model a job names. */
export function modelOf(planned: PlannedSuite, job: { modelId: string }): Model {
  const model = planned.models.find(({ id }) => id === job.modelId);
  if (model === undefined) throw new Error(`internal: no model ${job.modelId} in the plan`);
  return model;
}

/** What a record says about its origin. */
export function subjectOf(planned: PlannedSuite, group: GroupJob): Subject {
  const { loaded, dataset } = planned;
  const { manifest } = dataset;
  const model = modelOf(planned, group);
  return {
    suite: { id: loaded.suite.id, title: loaded.suite.title, hash: loaded.hash },
    task: loaded.suite.task.kind,
    dataset: {
      id: manifest.id,
      title: manifest.title,
      sha256: dataset.sha256,
      licence: manifest.licence,
      split: 'test',
      samples: dataset.testSamples,
    },
    model: { id: model.id, title: model.title, sha256: fileOf(model).sha256 },
    target: { ...group.target },
  };
}
