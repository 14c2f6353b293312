import { openDataset, type OpenDataset } from '../../datasets/open.ts';

const datasets = new Map<string, Promise<OpenDataset>>();

/** A dataset by id or path. A worker has many tasks on one dataset; it is checked, split and fitted once. */
export function openedDataset(reference: string): Promise<OpenDataset> {
  const known = datasets.get(reference) ?? openDataset(reference);
  datasets.set(reference, known);
  return known;
}
