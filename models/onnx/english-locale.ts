import { messageOf } from '../../core/errors.ts';
import { changed, type OnnxModel, type OnnxNode } from './model.ts';
import { createNode } from './node.ts';

/** Whether ONNX Runtime refused a model because the system lacks a locale by which its StringNormalizer changes case. */
export function lacksLocale(cause: unknown): boolean {
  return messageOf(cause).includes('Failed to construct locale');
}

/**
 * The model with the locale C.UTF-8 in place of American English, which is that of vectorizers that scikit-learn exports and which
 * containers lack: glibc changes the case of all letters alike in both, and has the first one everywhere. The same model where no
 * node is in that locale.
 */
export function withPlainLocale(model: OnnxModel): OnnxModel {
  const { graph } = model;
  if (!graph.node.some(isEnglish)) return model;
  const node = graph.node.map((one) => (isEnglish(one) ? inPlainLocale(one) : one));
  return changed(model, { graph: changed(graph, { node }) });
}

function isEnglish({ opType, attribute }: OnnxNode): boolean {
  const locale = attribute.find(({ name }) => name === 'locale');
  return opType === 'StringNormalizer' && /^(?:en_US|$)/.test(new TextDecoder().decode(locale?.s));
}

function inPlainLocale(node: OnnxNode): OnnxNode {
  const { attribute } = createNode({
    ...{ opType: node.opType, inputs: [], outputs: [], name: node.name },
    attributes: { locale: { string: 'C.UTF-8' } },
  });
  const others = node.attribute.filter(({ name }) => name !== 'locale');
  return changed(node, { attribute: [...others, ...attribute] });
}
