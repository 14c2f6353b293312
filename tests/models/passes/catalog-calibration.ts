import { readFile } from 'node:fs/promises';
import type { Samples } from '../../../core/samples.ts';
import type { Tensors } from '../../../core/tensor.ts';
import { openDataset } from '../../../datasets/open.ts';
import { loadModel, onnxOf } from '../../../models/manifest.ts';
import type { OnnxModel } from '../../../models/onnx/model.ts';
import { decodeModel } from '../../../models/onnx/read.ts';
import { encodeModel } from '../../../models/onnx/write.ts';
import type { CalibrationData } from '../../../models/passes/calibration.ts';
import { fitBatches } from '../../../models/passes/fit-batches.ts';
import { measureFigures } from '../../../models/train/figures.ts';
import { calibrationData } from '../../../runners/calibration-data.ts';

/** A model of the catalog with what a pass needs and what it is judged by. */
export interface CatalogModel {
  source: OnnxModel;
  file: { path: string; sha256: string };
  calibration: CalibrationData;
  /** The figures of its manifest on the test split (of sentences, on the first 200), by name. */
  figures: (model: OnnxModel) => Promise<Record<string, number>>;
}

/** Calibration data are those of a run. */
export async function catalogModel(id: string): Promise<CatalogModel> {
  const model = await loadModel(id);
  const { manifest } = model;
  if (manifest === null) throw new Error(`${id} has a manifest`);
  const dataset = await openDataset(manifest.dataset);
  const test = await dataset.collect('test');
  const source = decodeModel(await readFile(onnxOf(model).path), id);
  return {
    source,
    file: onnxOf(model),
    calibration: await inMemory(fitBatches(calibrationData(dataset), source.graph)),
    figures: async (variant) => {
      const found = await measureFigures(encodeModel(variant), manifest, fewSentences(test));
      return Object.fromEntries(found.map(({ figure, value }) => [figure, value]));
    },
  };
}

function fewSentences(samples: Samples): Samples {
  const { references } = samples;
  if (references.kind !== 'tokens') return samples;
  const { ids, lengths, promptLengths, floorNegativeLogLikelihood } = references;
  const rows = 200;
  return {
    ...samples,
    references: {
      ...references,
      ids: ids.subarray(0, (ids.length / lengths.length) * rows),
      lengths: lengths.subarray(0, rows),
      promptLengths: promptLengths.subarray(0, rows),
      floorNegativeLogLikelihood: floorNegativeLogLikelihood?.subarray(0, rows) ?? null,
    },
  };
}

/** Passes over a layer at a time ask for the batches many times. */
async function inMemory(data: CalibrationData): Promise<CalibrationData> {
  const batches = await Array.fromAsync(data.batches());
  // eslint-disable-next-line @typescript-eslint/require-await -- the contract is asynchronous
  const again = async function* (): AsyncGenerator<Tensors> {
    yield* batches;
  };
  return { ...data, batches: again };
}
