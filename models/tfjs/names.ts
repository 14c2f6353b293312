import type { SymbolicTensor } from '@tensorflow/tfjs-layers';

/** Names of what enters and leaves a model, each its own. */
interface PortNames {
  inputs: readonly string[];
  outputs: readonly string[];
}

/**
 * Inputs and outputs of a layers model by the names of their layers: those of tensors TF.js numbers anew with every model it loads.
 * Where a layer has two outputs, or an input is an output, the later ones get a number.
 */
export function portNames(network: {
  inputs: readonly SymbolicTensor[];
  outputs: readonly SymbolicTensor[];
}): PortNames {
  const names: string[] = [];
  for (const { sourceLayer } of [...network.inputs, ...network.outputs])
    names.push(unused(sourceLayer.name, names));
  return { inputs: names.slice(0, network.inputs.length), outputs: names.slice(network.inputs.length) };
}

function unused(name: string, taken: readonly string[]): string {
  const numbered = [name, ...taken.map((_, index) => `${name}_${index + 1}`)];
  return numbered.find((candidate) => !taken.includes(candidate)) ?? name;
}
