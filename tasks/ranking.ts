import { textsOf } from '../core/ids.ts';
import type { References } from '../core/samples.ts';
import { forEachBatch, type Batch, type PredictRequest } from './batches.ts';
import { candidatesOf, groupCandidates, type Candidates } from './group-candidates.ts';
import { floatForm, isMatrix, pickOutput, type FloatTensor } from './outputs.ts';
import type { RankingPredictions } from './predictions.ts';

/**
 * A score for each candidate of a query. Rows are candidates, and the output has shape [batch] or [batch, 1]; or, where the
 * references are sets of labels, a row is a query whose candidates are all labels, and the output has shape [batch, labels].
 */
export async function rankCandidates(request: PredictRequest<'ranking'>): Promise<RankingPredictions> {
  const parts: RankingPredictions[] = [];
  await forEachBatch(request, async (batch) => {
    const asked = candidatesIn(batch);
    const output = pickOutput(
      await request.infer(batch.inputs),
      request.task.output,
      scoreForm(batch, asked),
    );
    parts.push(groupCandidates({ ...asked, scores: finiteScores(output, asked) }));
  });
  return groupCandidates(candidatesOf(parts));
}

/** Candidates of a batch, `width` a row. */
type Asked = Omit<Candidates, 'scores'> & { width: number };

function candidatesIn({ ids, references, clusters }: Batch): Asked {
  const width = widthOf(references);
  const spread = (names: readonly string[]): string[] =>
    names.flatMap((name) => new Array<string>(width).fill(name));
  const byCandidate = clusters && { by: clusters.by, names: spread(clusters.names) };
  const shared = { width, clusters: byCandidate };
  if (references.kind === 'labels')
    return { ...shared, queries: spread(textsOf(ids)), gains: Float64Array.from(references.flags) };
  if (references.kind === 'gains') return { ...shared, queries: references.queries, gains: references.gains };
  throw new Error(`ranking needs gains or sets of labels as references; found ${references.kind}`);
}

function widthOf(references: References): number {
  return references.kind === 'labels' ? references.labels.length : 1;
}

function scoreForm({ ids, references }: Batch, { width }: Asked) {
  const shape = references.kind === 'labels' ? `[batch, ${width}]` : '[batch] or [batch, 1]';
  return floatForm(`${shape}, a score a candidate`, ids.length, (found) =>
    isMatrix(found, ids.length, width),
  );
}

function finiteScores({ data }: FloatTensor, { queries }: Asked): Float64Array {
  const scores = Float64Array.from(data);
  const odd = scores.findIndex((score) => !Number.isFinite(score));
  if (odd < 0) return scores;
  throw new Error(
    `the model gives a candidate of query "${queries[odd] ?? ''}" a score of ${scores[odd]}; finite numbers are accepted`,
  );
}
