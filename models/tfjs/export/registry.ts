import * as activation from './activation.ts';
import * as convolution from './convolution.ts';
import { exportDense } from './dense.ts';
import { exportEmbedding } from './embedding.ts';
import type { LayerExport } from './layer-export.ts';
import * as merge from './merge.ts';
import * as normalization from './normalization.ts';
import { exportGlobalPooling, exportPooling } from './pooling.ts';
import * as shape from './shape.ts';

/** How each layer becomes ONNX, by the name of its class. */
export const layerExports: Readonly<Record<string, LayerExport>> = {
  Activation: activation.exportActivation,
  Add: merge.exportElementwiseMerge('Add'),
  AlphaDropout: shape.exportIdentity,
  Average: merge.exportAverage,
  AveragePooling1D: exportPooling('AveragePool', 1),
  AveragePooling2D: exportPooling('AveragePool', 2),
  BatchNormalization: normalization.exportBatchNormalization,
  Concatenate: merge.exportConcatenate,
  Conv1D: convolution.exportConv1d,
  Conv2D: convolution.exportConv2d,
  Conv2DTranspose: convolution.exportConv2dTranspose,
  Cropping2D: shape.exportCropping2d,
  Dense: exportDense,
  DepthwiseConv2D: convolution.exportDepthwiseConv2d,
  Dot: merge.exportDot,
  Dropout: shape.exportIdentity,
  ELU: activation.exportElu,
  Embedding: exportEmbedding,
  Flatten: shape.exportFlatten,
  GaussianDropout: shape.exportIdentity,
  GaussianNoise: shape.exportIdentity,
  GlobalAveragePooling1D: exportGlobalPooling('Average'),
  GlobalAveragePooling2D: exportGlobalPooling('Average'),
  GlobalMaxPooling1D: exportGlobalPooling('Max'),
  GlobalMaxPooling2D: exportGlobalPooling('Max'),
  LayerNormalization: normalization.exportLayerNormalization,
  LeakyReLU: activation.exportLeakyRelu,
  MaxPooling1D: exportPooling('MaxPool', 1),
  MaxPooling2D: exportPooling('MaxPool', 2),
  Maximum: merge.exportElementwiseMerge('Max'),
  Minimum: merge.exportElementwiseMerge('Min'),
  Multiply: merge.exportElementwiseMerge('Mul'),
  PReLU: activation.exportPrelu,
  Permute: shape.exportPermute,
  ReLU: activation.exportRelu,
  RepeatVector: shape.exportRepeatVector,
  Rescaling: normalization.exportRescaling,
  Reshape: shape.exportReshape,
  SeparableConv2D: convolution.exportSeparableConv2d,
  Softmax: activation.exportSoftmax,
  SpatialDropout1D: shape.exportIdentity,
  ThresholdedReLU: activation.exportThresholdedRelu,
  UpSampling2D: shape.exportUpSampling2d,
  ZeroPadding2D: shape.exportZeroPadding2d,
};
