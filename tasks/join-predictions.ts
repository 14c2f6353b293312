import { joinIds, type Ids } from '../core/ids.ts';
import { joinColumns } from '../core/join-columns.ts';
import type { SampleFacts } from '../core/samples.ts';
import type { TaskKind } from '../core/task-kind.ts';
import { candidatesOf, groupCandidates } from './group-candidates.ts';
import { joinNextTokens } from './next-tokens.ts';
import type { Predictions, PredictionsOf } from './predictions.ts';

/** Predictions of parts of a dataset, in their order, as those of the whole; throws where there is no part. */
export function joinPredictions(parts: readonly Predictions[]): Predictions {
  const [first] = parts;
  if (first === undefined) throw new Error('internal: no predictions to join');
  return parts.length === 1 ? first : (joiners[first.kind] as Joiner)(parts, first);
}

type Joiner<Kind extends TaskKind = TaskKind> = (
  parts: readonly PredictionsOf<Kind>[],
  first: PredictionsOf<Kind>,
) => PredictionsOf<Kind>;

const joiners: { [Kind in TaskKind]: Joiner<Kind> } = {
  regression: (parts, first) => ({
    ...first,
    ...joinFacts(parts),
    expected: joinFloats(parts.map(({ expected }) => expected)),
    predicted: joinFloats(parts.map(({ predicted }) => predicted)),
  }),
  classification: (parts, first) => ({
    ...first,
    ...joinFacts(parts),
    expected: joinIntegers(parts.map(({ expected }) => expected)),
    predicted: joinIntegers(parts.map(({ predicted }) => predicted)),
    probabilities:
      first.probabilities === null
        ? null
        : joinFloats(parts.map(({ probabilities }) => given(probabilities))),
  }),
  multilabel: (parts, first) => ({
    ...first,
    ...joinFacts(parts),
    expected: joinFlags(parts.map(({ expected }) => expected)),
    predicted: joinFlags(parts.map(({ predicted }) => predicted)),
    scores: joinFloats(parts.map(({ scores }) => scores)),
  }),
  // A query may begin in one part and go on in the next.
  ranking: (parts) => groupCandidates(candidatesOf(parts)),
  tagging: (parts, first) => ({
    ...first,
    ...joinFacts(parts),
    expected: parts.flatMap(({ expected }) => expected),
    predicted: parts.flatMap(({ predicted }) => predicted),
  }),
  generation: (parts, first) => ({
    ...first,
    ...joinFacts(parts),
    negativeLogLikelihood: joinFloats(parts.map(({ negativeLogLikelihood }) => negativeLogLikelihood)),
    tokens: joinIntegers(parts.map(({ tokens }) => tokens)),
    ...(first.utf8Bytes === undefined
      ? {}
      : { utf8Bytes: joinIntegers(parts.map(({ utf8Bytes }) => given(utf8Bytes))) }),
    floorNegativeLogLikelihood:
      first.floorNegativeLogLikelihood === null
        ? null
        : joinFloats(parts.map(({ floorNegativeLogLikelihood }) => given(floorNegativeLogLikelihood))),
    generated: parts.flatMap(({ generated }) => generated),
    references: parts.flatMap(({ references }) => references),
    ...(first.otherReferences === undefined
      ? {}
      : { otherReferences: parts.flatMap(({ otherReferences }) => otherReferences ?? []) }),
    ...joinNextTokens(parts.map(({ nextTokens }) => nextTokens)),
  }),
};

interface Facts extends SampleFacts {
  ids: Ids;
}

/** What is known of the samples beside what was expected and predicted. */
function joinFacts(parts: readonly Facts[]): Facts {
  const [first] = parts;
  return {
    ids: joinIds(parts.map(({ ids }) => ids)),
    ...(first?.clusters === undefined
      ? {}
      : {
          clusters: { by: first.clusters.by, names: parts.flatMap(({ clusters }) => clusters?.names ?? []) },
        }),
    ...(first?.weights === undefined
      ? {}
      : { weights: joinFloats(parts.map(({ weights }) => given(weights))) }),
  };
}

function joinFloats(columns: readonly Float64Array[]): Float64Array {
  return joinColumns(columns, (length) => new Float64Array(length));
}

function joinIntegers(columns: readonly Int32Array[]): Int32Array {
  return joinColumns(columns, (length) => new Int32Array(length));
}

function joinFlags(columns: readonly Uint8Array[]): Uint8Array {
  return joinColumns(columns, (length) => new Uint8Array(length));
}

/** A column that every part has. */
function given<Column>(column: Column | undefined | null): Column {
  if (column === undefined || column === null)
    throw new Error('internal: a part without a column of another');
  return column;
}
