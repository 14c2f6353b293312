import { readFile } from 'node:fs/promises';
import type { Samples } from '../../../core/samples.ts';
import { sliceRows } from '../../../core/tensor.ts';
import { loadDataset } from '../../../datasets/load.ts';
import { loadModel, onnxOf, type ModelManifest } from '../../../models/manifest.ts';
import type { OnnxModel } from '../../../models/onnx/model.ts';
import { decodeModel } from '../../../models/onnx/read.ts';
import { encodeModel } from '../../../models/onnx/write.ts';
import type { CalibrationData } from '../../../models/passes/calibration.ts';
import { measureFigures } from '../../../models/train/figures.ts';

/** A model of the catalog with what a pass needs and what it is judged by. */
export interface CatalogModel {
  source: OnnxModel;
  file: { path: string; sha256: string };
  calibration: CalibrationData;
  /** The figures of its manifest on the test split (of sentences, on the first 200), by name. */
  figures: (model: OnnxModel) => Promise<Record<string, number>>;
}

/** Batches are of the training split, sentences of 64 whole rows. */
export async function catalogModel(id: string): Promise<CatalogModel> {
  const model = await loadModel(id);
  const { manifest } = model;
  if (manifest === null) throw new Error(`${id} has a manifest`);
  const { train, test } = await loadDataset(manifest.dataset);
  return {
    source: decodeModel(await readFile(onnxOf(model).path), id),
    file: onnxOf(model),
    calibration: trainingBatches(train, manifest),
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

function trainingBatches(samples: Samples, { input, dataset }: ModelManifest): CalibrationData {
  const { references, ids } = samples;
  const whole =
    references.kind === 'tokens'
      ? ({
          type: 'int64',
          shape: [ids.length, references.ids.length / ids.length],
          data: BigInt64Array.from(references.ids, BigInt),
        } as const)
      : samples.inputs[input.name];
  if (whole === undefined) throw new Error(`no input ${input.name}`);
  const rows = Math.min(ids.length, references.kind === 'tokens' ? 192 : 512);
  return {
    description: `${rows} training samples of ${dataset}`,
    hash: `${dataset}-${rows}`,
    // eslint-disable-next-line @typescript-eslint/require-await -- the contract is asynchronous
    batches: async function* () {
      for (let start = 0; start < rows; start += 64) {
        yield { [input.name]: sliceRows(whole, start, Math.min(rows, start + 64)) };
      }
    },
  };
}
