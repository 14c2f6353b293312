import * as z from 'zod';
import { kindOf, type TfjsModel, type Weight } from './model.ts';

/** Last parts of the names of weights that Keras layers multiply their inputs by. */
const kernelNames = /(?:^|\/)(?:depthwise_|pointwise_|recurrent_)?kernel(?:_\d+)?$/;

/** Operators of TensorFlow graphs whose second input is such a weight. */
const productOperators = new Set([
  'BatchMatMul',
  'BatchMatMulV2',
  'Conv1D',
  'Conv2D',
  'Conv3D',
  'DepthwiseConv2dNative',
  'FusedDepthwiseConv2dNative',
  'MatMul',
  '_FusedConv2D',
  '_FusedMatMul',
]);

const graphSchema = z.looseObject({
  node: z.array(z.looseObject({ name: z.string(), op: z.string(), input: z.array(z.string()).default([]) })),
});

/** The float32 weights of dense and convolutional layers, biases and tables of embeddings aside. */
export function multipliedWeights(model: TfjsModel): Weight[] {
  const floats = model.groups.flat().filter(({ spec }) => spec.dtype === 'float32');
  if (kindOf(model.file) === 'layers-model')
    return floats.filter(({ spec }) => spec.shape.length > 1 && kernelNames.test(spec.name));
  const names = weightsOfProducts(model);
  return floats.filter(({ spec }) => names.has(spec.name));
}

/** Constants that nothing but the second input of a product reads. */
function weightsOfProducts({ file }: TfjsModel): Set<string> {
  const { node } = graphSchema.parse(file.modelTopology);
  const read = node.flatMap(({ op, input }) =>
    input.map((name, index) => ({
      // Inputs may name an output, `name:0`, or only an order, `^name`.
      name: name.replace(/^\^/, '').replace(/:\d+$/, ''),
      isWeight: index === 1 && productOperators.has(op),
    })),
  );
  const others = new Set(read.filter(({ isWeight }) => !isWeight).map(({ name }) => name));
  return new Set(read.filter(({ name, isWeight }) => isWeight && !others.has(name)).map(({ name }) => name));
}
