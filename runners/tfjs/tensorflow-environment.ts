/**
 * Variables that TensorFlow reads once, when it loads: worker threads cannot set them, so every process of ours has them. One thread,
 * as everything that is evaluated; no log of what the processor could do; and no more memory of graphics cards than it uses, of which it
 * takes all of every card else, as soon as it is asked whether it works.
 */
export const tensorflowEnvironment = {
  TF_NUM_INTRAOP_THREADS: '1',
  TF_NUM_INTEROP_THREADS: '1',
  TF_CPP_MIN_LOG_LEVEL: '2',
  TF_FORCE_GPU_ALLOW_GROWTH: 'true',
} as const;
