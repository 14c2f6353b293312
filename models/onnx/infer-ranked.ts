import { inferValues, type InferredValue } from './infer.ts';
import { changed, type OnnxModel } from './model.ts';
import { freshNames } from './graph.ts';
import { createNode } from './node.ts';

/**
 * What `inferValues` gives, without the values whose number of axes ONNX Runtime does not know, as behind an Expand to a list of unknown
 * length: it calls them scalars, of which a Shape has no places.
 */
export async function inferRanked(model: OnnxModel): Promise<ReadonlyMap<string, InferredValue>> {
  const values = await inferValues(model);
  const inputs = new Set(model.graph.input.map(({ name }) => name));
  const scalars = [...values].filter(([name, { shape }]) => shape.length === 0 && !inputs.has(name));
  if (scalars.length === 0) return values;
  const fresh = freshNames(model.graph);
  const rankOf = new Map(scalars.map(([name]) => [name, fresh(`rank of ${name}`)]));
  const probes = [...rankOf].map(([name, rank]) =>
    createNode({ opType: 'Shape', name: rank, inputs: [name], outputs: [rank] }),
  );
  const graph = changed(model.graph, { node: [...model.graph.node, ...probes] });
  const probed = await inferValues(changed(model, { graph }));
  return new Map(
    [...values].filter(([name]) => {
      const rank = rankOf.get(name);
      return rank === undefined || probed.get(rank)?.shape[0] === 0;
    }),
  );
}
