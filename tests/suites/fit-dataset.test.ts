import { expect, test } from 'vitest';
import type { Slice } from '../../suites/slice.ts';
import { findManifest } from '../../datasets/catalog.ts';
import type { DatasetManifest } from '../../datasets/manifest.ts';
import type { Target } from '../../datasets/target.ts';
import { fitToDataset } from '../../suites/fit-dataset.ts';
import { loadSuites, type LoadedSuite } from '../../suites/load.ts';

async function withTarget(target: Target): Promise<DatasetManifest> {
  return { ...(await findManifest('cars')).manifest, target };
}

const { manifest: digits } = await findManifest('digits');

async function suiteOf(id: string, metrics: string[]): Promise<LoadedSuite> {
  const [loaded] = await loadSuites([id]);
  if (loaded === undefined) throw new Error('no suite');
  return { ...loaded, suite: { ...loaded.suite, metrics } };
}

test('a label is named positive where there are two, and nowhere else', async () => {
  const suite = await suiteOf('handwritten-digits', ['accuracy', 'f1-binary?positive=3']);
  expect(() => fitToDataset(suite, digits)).toThrow(
    'metrics: "f1-binary?positive=3" takes "positive" where there are two labels; there are 10: 0, 1, 2',
  );
});

test('slices by class are refused where there are no classes', async () => {
  const loaded = await suiteOf('fuel-economy', ['mae']);
  const { manifest } = await findManifest('cars');
  const slicedBy = (...slices: Slice[]) => ({ ...loaded, suite: { ...loaded.suite, slices } });
  expect(() => fitToDataset(slicedBy('origin', 'class'), manifest)).toThrow(
    'slices: "class" slices by the classes of a classification; found regression',
  );
  expect(fitToDataset(slicedBy('origin'), manifest).slices).toEqual(['origin']);
  const byColumn = { column: 'class' };
  expect(fitToDataset(slicedBy(byColumn), manifest).slices).toEqual([byColumn]);
});

test('a margin in errors is refused where samples have weights', async () => {
  const loaded = await suiteOf('handwritten-digits', ['accuracy']);
  const policy = { ...loaded.suite.policy, maxDrop: { kind: 'errors', value: 2 } as const };
  const suite = { ...loaded, suite: { ...loaded.suite, policy } };
  expect(fitToDataset(suite, digits).policy).toEqual(policy);
  expect(() => fitToDataset(suite, { ...digits, weight: 'w' })).toThrow(
    'policy.maxDrop: "errors" needs a first metric that is a share of samples; these are weighted by "w"',
  );
});

const two = { kind: 'value', unit: 'm', columns: ['width', 'height'] } as const;

test('a metric of every output becomes one of each output of the dataset', async () => {
  const suite = await suiteOf('fuel-economy', ['mae', 'mse?output=*']);
  const fitted = fitToDataset(suite, await withTarget({ ...two, columns: [...two.columns] }));
  expect(fitted.metrics).toEqual(['mae', 'mse?output=width', 'mse?output=height']);
});

test('an output, a label and a target that the dataset does not have are told together with those it has', async () => {
  const regression = await suiteOf('fuel-economy', ['mse?output=depth', 'mae?output=width']);
  const values = await withTarget({ ...two, columns: [...two.columns] });
  expect(() => fitToDataset(regression, values)).toThrow(
    'metrics: "mse?output=depth" names "depth"; accepted are: width, height',
  );
  const classes = await suiteOf('tumour-diagnosis', [
    'f1-macro?labels=benign+harmless',
    'f1-binary?positive=good',
  ]);
  const { manifest } = await findManifest('tumours');
  expect(() => fitToDataset(classes, manifest)).toThrow(
    /names "harmless"; accepted are: .*\n.*names "good"; accepted are: /,
  );
  expect(() => fitToDataset(classes, values)).toThrow(
    'task: a dataset with a target "value" is for regression; found classification',
  );
});
