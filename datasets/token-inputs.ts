import type { References } from '../core/samples.ts';
import type { Tensor } from '../core/tensor.ts';
import { wordTensor, type WordInput, type WordRows } from '../core/word-inputs.ts';
import type { Input } from './manifest.ts';

/** An input that is made of what the rows should come out as. */
export type TokenInput = (references: References) => Tensor;

/** int64 [rows, length], of the words of the target. */
export function tokenInput(kind: WordInput): TokenInput {
  return (references) => wordTensor(kind, wordsOf(references));
}

/** Those of a manifest's inputs that tell of the words of its target, by name. */
export function wordInputs(inputs: readonly Input[]): Record<string, WordInput> {
  return Object.fromEntries(
    inputs.flatMap(({ name, kind }) => (isWordInput(kind) ? [[name, kind] as const] : [])),
  );
}

function isWordInput(kind: Input['kind']): kind is WordInput {
  return kind === 'tokens' || kind === 'mask' || kind === 'positions';
}

function wordsOf(references: References): WordRows {
  if (references.kind !== 'tokens' && references.kind !== 'tags')
    throw new Error('internal: an input of words without words in the target');
  const { ids, lengths } = references;
  const cells = references.kind === 'tags' ? references.indices : references.ids;
  return { ids, lengths, width: lengths.length === 0 ? 0 : cells.length / lengths.length };
}
