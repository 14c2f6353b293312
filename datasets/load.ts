import type { Samples } from '../core/samples.ts';
import type { DatasetManifest } from './manifest.ts';
import { openDataset } from './open.ts';

/** A dataset in memory, its checksum verified. */
export interface LoadedDataset {
  manifest: DatasetManifest;
  train: Samples;
  test: Samples;
  /** Rows left out because something in them is missing. */
  droppedRows: number;
}

/** Loads both splits of a dataset whole, to train on; see `openDataset`, which reads them batch by batch. */
export async function loadDataset(idOrPath: string): Promise<LoadedDataset> {
  const { manifest, droppedRows, collect } = await openDataset(idOrPath);
  return { manifest, droppedRows, train: await collect('train'), test: await collect('test') };
}
