import type { TaskKind } from '../../core/task-kind.ts';
import type { Metric } from '../metric.ts';
import type { PredictionsOf } from '../predictions.ts';

const readers = ['compute', 'unitOf', 'signature', 'sampleScores', 'sampleSums', 'areaQuestions'] as const;

/** A metric as it is of a part of what was predicted: of one output, say, or of some labels. */
export function ofPart<Kind extends TaskKind>(
  metric: Metric<Kind>,
  partOf: (given: PredictionsOf<Kind>) => PredictionsOf<Kind>,
): Metric<Kind> {
  const onPart = readers.flatMap((name) => {
    const read = metric[name]?.bind(metric);
    return read === undefined ? [] : [[name, (given: PredictionsOf<Kind>) => read(partOf(given))]];
  });
  return { ...metric, ...Object.fromEntries(onPart) } as Metric<Kind>;
}
