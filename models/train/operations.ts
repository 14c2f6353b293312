import {
  add,
  cast,
  customGrad,
  gather,
  log,
  matMul,
  mul,
  neg,
  oneHot,
  relu,
  softmax,
  sub,
  sum,
  transpose,
  type Scalar,
  type Tensor,
  type Tensor1D,
  type Tensor2D,
} from '@tensorflow/tfjs-core';
import { parameter, type Parameters } from './parameters.ts';

/**
 * x [rows, inputs] times w [inputs, outputs]. TF.js's own gradient asks the WebAssembly backend for a product of transposed
 * operands, which it computes 12 times slower than one of operands that were transposed before.
 */
export function multiply(x: Tensor2D, w: Tensor2D): Tensor2D {
  return customGrad((...given) => {
    const [left, right, save] = given as unknown as [Tensor2D, Tensor2D, (saved: Tensor[]) => void];
    save([left, right]);
    const gradFunc = (dy: Tensor, saved: Tensor[]): Tensor[] => {
      const [savedX, savedW] = saved as [Tensor2D, Tensor2D];
      return [matMul(dy as Tensor2D, transpose(savedW)), matMul(transpose(savedX), dy as Tensor2D)];
    };
    return { value: matMul(left, right), gradFunc };
  })(x, w) as Tensor2D;
}

/** The layer `name`: x times its kernel plus its bias. */
export function dense(parameters: Parameters, name: string, x: Tensor): Tensor2D {
  const product = multiply(x as Tensor2D, parameter(parameters, `${name}/kernel`) as unknown as Tensor2D);
  return add(product, parameter(parameters, `${name}/bias`));
}

/** The layer `name` and a ReLU. */
export function denseRelu(parameters: Parameters, name: string, x: Tensor): Tensor2D {
  return relu(dense(parameters, name, x));
}

/** Rows of a table [words, width] by id; its gradient is a product, since the backend has no scatter-add. */
export function lookUp(table: Tensor2D, ids: Tensor1D): Tensor2D {
  return customGrad((...given) => {
    const [words, save] = given as unknown as [Tensor2D, (saved: Tensor[]) => void];
    save([indicators(ids, words.shape[0])]);
    const gradFunc = (dy: Tensor, saved: Tensor[]): Tensor[] =>
      saved.map((chosen) => matMul(transpose(chosen), dy));
    return { value: gather(words, ids), gradFunc };
  })(table);
}

/** Labels of rows, and how much each row weighs in a mean. */
export interface Labelled {
  /** int32 [rows]. */
  labels: Tensor1D;
  /** float32 [rows, 1]; sums to 1. */
  weights: Tensor2D;
}

/** Weighted mean of -ln softmax(logits)[label], in nats. */
export function crossEntropy(logits: Tensor2D, { labels, weights }: Labelled): Scalar {
  return customGrad((...given) => {
    const [raw, save] = given as unknown as [Tensor2D, (saved: Tensor[]) => void];
    const probabilities = softmax(raw);
    const expected = indicators(labels, raw.shape[1]);
    const likelihood = sum(mul(probabilities, expected), 1, true);
    save([mul(sub(probabilities, expected), weights)]);
    const gradFunc = (dy: Tensor, saved: Tensor[]): Tensor[] => saved.map((slope) => mul(slope, dy));
    return { value: neg(sum(mul(log(add(likelihood, 1e-30)), weights))), gradFunc };
  })(logits) as Scalar;
}

/** float32 [ids, depth]: 1 at each id. Cast, since the backend writes the bits of an int32 into a one-hot of floats. */
function indicators(ids: Tensor1D, depth: number): Tensor2D {
  return cast(oneHot(ids, depth), 'float32') as Tensor2D;
}
