/**
 * Variables that TensorFlow reads once, when it loads: worker threads cannot set them, so every process of ours has them. One thread,
 * as everything that is evaluated; and no log of what the processor could do.
 */
export const tensorflowEnvironment = {
  TF_NUM_INTRAOP_THREADS: '1',
  TF_NUM_INTEROP_THREADS: '1',
  TF_CPP_MIN_LOG_LEVEL: '2',
} as const;
