/** Where a variant is to run. */
export interface Situation {
  /** As targets name it, e.g. `cpu`. */
  device: string;
  /** Instruction sets of the processor, e.g. `avx512_vnni`. */
  cpuFlags: readonly string[];
}

/** ONNX Runtime's kernels for integer products need one of these to be fast and not to saturate. */
const dotProductFlags = ['amx_int8', 'asimddp', 'avx512_vnni', 'avx_vnni', 'i8mm'];

/** Whether the processor has an integer dot product; on other devices the question does not arise. */
export function hasDotProduct({ cpuFlags }: Pick<Situation, 'cpuFlags'>): boolean {
  return dotProductFlags.some((flag) => cpuFlags.includes(flag));
}
