/** Options of a regression kernel: a weight a sample, none negative, and how many numbers a sample. */
export interface OutputOptions {
  sampleWeights?: Float64Array | undefined;
  /** Columns of the row-major [samples, outputs]; 1 where absent. */
  outputs?: number | undefined;
}

/** One number a sample. */
export interface SingleOutput {
  expected: Float64Array;
  predicted: Float64Array;
  sampleWeights?: Float64Array | undefined;
}

type Kernel = (expected: Float64Array, predicted: Float64Array, options?: OutputOptions) => number;

/** The plain mean over outputs of a score of one output. */
export function overOutputs(scoreOutput: (given: SingleOutput) => number): Kernel {
  return (expected, predicted, { sampleWeights, outputs = 1 } = {}) => {
    const scores = eachOutput({ expected, predicted, sampleWeights, outputs }, scoreOutput);
    return scores.reduce((sum, score) => sum + score, 0) / outputs;
  };
}

/** A value of each output, from its own columns. */
export function eachOutput<Value>(
  given: SingleOutput & { outputs: number },
  valueOf: (given: SingleOutput) => Value,
): Value[] {
  const { expected, predicted, sampleWeights, outputs } = given;
  if (outputs === 1) return [valueOf({ expected, predicted, sampleWeights })];
  return Array.from({ length: outputs }, (_, output) =>
    valueOf({
      expected: columnOf(expected, outputs, output),
      predicted: columnOf(predicted, outputs, output),
      sampleWeights,
    }),
  );
}

/** A column of row-major [rows, columns]. */
export function columnOf(values: Float64Array, columns: number, column: number): Float64Array {
  const result = new Float64Array(values.length / columns);
  for (let row = 0; row < result.length; row++) result[row] = values[row * columns + column]!;
  return result;
}
