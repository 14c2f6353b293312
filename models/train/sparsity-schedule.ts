/** How weights become zero while a model is trained. */
export interface SparsitySchedule {
  /** Share of each weight that is zero in the end. */
  sparsity: number;
  /** Shares of the steps between which it rises. */
  from: number;
  until: number;
}

/** Begins once training has settled somewhat, and leaves a quarter of it to what stays. */
export function polynomialDecay(sparsity: number): SparsitySchedule {
  return { sparsity, from: 0.1, until: 0.75 };
}

/**
 * The share of zeros at a share of the steps: it rises fast at first, while there are many weights to choose from, then slower with
 * the third power of what is left (polynomial decay; Zhu and Gupta 2017).
 */
export function sparsityAt({ sparsity, from, until }: SparsitySchedule, progress: number): number {
  const left = Math.min(1, Math.max(0, (until - progress) / (until - from)));
  return sparsity * (1 - left ** 3);
}
