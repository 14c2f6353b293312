import { latestFew } from '../../core/latest-few.ts';
import { openDataset, type OpenDataset } from '../../datasets/open.ts';

const opened = latestFew<Promise<OpenDataset>>(2);

/** A dataset by id or path. A worker has many tasks on one dataset; it is checked, split and fitted once. */
export function openedDataset(reference: string): Promise<OpenDataset> {
  return opened(reference, () => openDataset(reference));
}
