/** One node as ONNX Runtime ran it: after its fusions, so not always a node of the file. */
export interface ProfiledNode {
  name: string;
  operator: string;
  /** As ONNX Runtime calls it, without `ExecutionProvider`: `CPU`, `WebGpu`. */
  provider: string;
  /** Of a call, in the node itself: what the graphs inside a Loop or If take is theirs. */
  ms: number;
  /** Of a call: more than 1 inside a Loop. */
  runs: number;
  /** Shapes of the tensors it was given and gave; weights that were packed at load are left out. */
  inputs: readonly (readonly number[])[];
  outputs: readonly (readonly number[])[];
}

/** What a model does in a call, node by node, in the order they ran. */
export interface Profile {
  /** How many calls it is the mean of. */
  calls: number;
  nodes: readonly ProfiledNode[];
}
