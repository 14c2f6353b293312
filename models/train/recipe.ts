import type { LayersModel } from '@tensorflow/tfjs-layers';
import type { Random } from '../../core/random.ts';
import type { Samples } from '../../core/samples.ts';
import type { ModelManifest } from '../manifest.ts';
import type { OnnxModel } from '../onnx/model.ts';
import type { SparsitySchedule } from './sparsity-schedule.ts';

/** A trained network in the forms it is kept in. */
export interface Trained {
  onnx: OnnxModel;
  /** Null only where the manifest says why. */
  tfjs: LayersModel | null;
}

/** How one reference model is made: everything its manifest says but its files and figures. */
export interface Recipe {
  about: Omit<ModelManifest, 'onnx' | 'tfjs' | 'reached' | 'training' | 'licence'>;
  seed: number;
  /** Trains on the samples; the same seed gives the same model. The training backend must have started. Without a schedule no weight is made zero. */
  train(samples: Samples, random: Random, sparsity?: SparsitySchedule): Trained;
}
