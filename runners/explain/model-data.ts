import { AssayError } from '../../core/errors.ts';
import { findManifest } from '../../datasets/catalog.ts';
import type { Model } from '../../models/manifest.ts';
import { taskOfTarget } from '../../suites/fit-dataset.ts';
import { listBuiltInSuites, loadSuites } from '../../suites/load.ts';
import type { Suite } from '../../suites/schema.ts';
import { taskSchema, type TaskOptions } from '../../tasks/task-options.ts';

/** What there is to calibrate passes on and to judge quality by. */
export interface ModelData {
  /** An id or a path. */
  dataset: string;
  task: TaskOptions;
  /** Id of the metric that decides. */
  metric: string;
  /** Who says what the scores of the model are; `nobody` where that is taken for granted. */
  scoresBy: 'suite' | 'user' | 'nobody';
}

/** What the user names; a suite says more than a dataset. */
export interface NamedData {
  dataset?: string;
  suite?: string;
  /** What a classifier puts out, where no suite says it. */
  scores?: 'probabilities' | 'logits';
}

const usualMetrics = {
  regression: 'mse',
  classification: 'accuracy',
  multilabel: 'f1-micro',
  ranking: 'ndcg',
  tagging: 'entity-f1-micro',
  generation: 'perplexity',
} as const satisfies Record<TaskOptions['kind'], string>;

/**
 * The data of a model: of the suite or dataset that is named, else of the built-in suite it is in, else the dataset that its manifest
 * names. Null for a bare model where nothing is named. Throws where a name is unknown.
 */
export async function dataOf(model: Model, named: NamedData): Promise<ModelData | null> {
  const { dataset, suite, scores } = named;
  if (dataset !== undefined && suite !== undefined) {
    const message = '--dataset and --suite were both given; one of them is accepted.';
    throw new AssayError('usage-invalid', message, { hint: 'A suite names its dataset.' });
  }
  if (suite !== undefined) return ofSuite(await oneSuite(suite));
  if (dataset !== undefined) return ofDataset(dataset, model, scores);
  const { manifest } = model;
  if (manifest === null) return null;
  const builtIn = await loadSuites(await listBuiltInSuites());
  const found = builtIn.find((one) => one.suite.models.includes(model.id));
  return found === undefined ? ofDataset(manifest.dataset, model) : ofSuite(found.suite);
}

async function oneSuite(name: string): Promise<Suite> {
  const [loaded] = await loadSuites([name]);
  if (loaded === undefined) throw new Error('internal: one suite was asked for');
  return loaded.suite;
}

function ofSuite({ dataset, task, metrics: [metric = ''] }: Suite): ModelData {
  return { dataset, task, metric, scoresBy: 'suite' };
}

async function ofDataset(
  dataset: string,
  { manifest: model }: Model,
  given?: NamedData['scores'],
): Promise<ModelData> {
  const { manifest } = await findManifest(dataset);
  const kind = taskOfTarget[manifest.target.kind];
  const scores = given ?? (model?.output.kind === 'logits' ? 'logits' : 'probabilities');
  const hasScores = kind === 'classification' || kind === 'multilabel';
  const task = taskSchema.parse(hasScores ? { kind, scores } : { kind });
  const scoresBy = given === undefined ? 'nobody' : 'user';
  return { dataset, task, metric: usualMetrics[kind], scoresBy };
}
