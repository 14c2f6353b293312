interface AdviceText {
  /** What it means, for people who do not know the runtime. */
  meaning: string;
  /** When it is given. */
  when: string;
  /** What to do. */
  action: string;
}

/** Everything that Assay may advise about a variant before it is measured: a closed list. */
export const adviceList = {
  'accuracy-level-unset': {
    meaning:
      'Weights of few bits are expanded and multiplied in float32, which is slower than not quantizing.',
    when: 'a MatMulNBits node on the CPU has no accuracy_level of 4',
    action: 'set accuracy_level to 4, as int4-weights does',
  },
  'calibration-shapes-differ': {
    meaning: 'The ranges of a static variant come from inputs of another shape than those it is run on.',
    when: 'calibration data and served inputs differ in an axis other than the first, in a variant with static ranges',
    action: 'calibrate on inputs of the shape that is served, or take int8-dynamic',
  },
  'dynamic-convolution': {
    meaning: 'Convolutions in integers whose ranges are taken at each call run slower than in float32.',
    when: 'ConvInteger nodes run on the CPU',
    action: 'quantize convolutions with int8-static, and leave them out of dynamic quantization',
  },
  'falls-back': {
    meaning:
      'The device has no kernel for some nodes: they run on the CPU, and values are copied there and back.',
    when: 'nodes run on another provider than was asked for, or the provider is known to have no kernel for them',
    action:
      'choose a pass with kernels on the device (assay explain lists them), or run this variant on the CPU',
  },
  'half-precision-on-cpu': {
    meaning:
      'The CPU computes in float32 all the same, with casts around it: the file is smaller and nothing is faster.',
    when: 'values of a model that runs on the CPU are float16',
    action: 'keep float16 for CUDA and WebGPU; on a CPU take int8-dynamic or int8-static',
  },
  'little-reached': {
    meaning: 'The pass changes operators in which the model spends little of its time.',
    when: 'the operators that a pass makes faster take less than a quarter of the time of the baseline',
    action: 'choose a pass that reaches the operators that take the time (assay explain lists them)',
  },
  'may-saturate': {
    meaning:
      'Without an integer dot product, 16-bit sums of uint8 by int8 products may overflow: quality can fall.',
    when: 'uint8 by int8 products with weights beyond 64 run on an x64 processor without VNNI or AMX',
    action: 'take the form with -reduce-range',
  },
  'quantize-dequantize-unfused': {
    meaning:
      'Weights or activations are turned back to float32 at every call: integers save space and cost time.',
    when: 'ONNX Runtime leaves a DequantizeLinear before a product or convolution after all of its fusions',
    action: 'quantize with int8-static or int8-dynamic, whose forms fuse',
  },
  'static-output-not-quantized': {
    meaning: 'Between two integer products values become float32 and integers again.',
    when: 'the float32 result of a product with static ranges is quantized again after at most a bias and an activation',
    action: 'give the results of products ranges, too, as int8-static does',
  },
  'storage-only': {
    meaning:
      'The weights are small in the file alone: the runtime expands them to float32 when it loads the model.',
    when: 'weights are stored sparse, or in a smaller type that is cast at load',
    action: 'expect a smaller file and no speed; for speed take int8-dynamic, int8-static or int4-weights',
  },
  'too-small-to-gain': {
    meaning: 'A call is so short that calling takes the time, not computing.',
    when: 'a call of the baseline takes fewer than 250,000 multiply-adds',
    action: 'take more samples a call (batch size) where the model does, or keep the baseline',
  },
  'zeros-on-dense-kernels': {
    meaning: 'No kernel skips zeros: weights that are set to zero are multiplied like any others.',
    when: 'a pass sets weights to zero, or at least 30 % of them are zero',
    action:
      'remove whole units (prune-neurons, prune-channels, prune-heads); zeros only make the compressed file smaller',
  },
} as const satisfies Record<string, AdviceText>;

export type AdviceCode = keyof typeof adviceList;

/** A piece of advice about one variant in one place: `detail` says what was found. */
export interface Advice {
  code: AdviceCode;
  detail: string;
  action: string;
}
