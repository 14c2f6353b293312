import type { TaskKind } from '../../core/task-kind.ts';
import type { Metric } from '../metric.ts';
import type { PredictionsOf } from '../predictions.ts';

/** The members of a metric that read predictions. */
type Reader = {
  [Name in keyof Metric]-?: NonNullable<Metric[Name]> extends (given: never) => unknown ? Name : never;
}[keyof Metric];

/** A member that is not listed does not compile. */
const isReader: Record<Reader, true> = {
  compute: true,
  unitOf: true,
  signature: true,
  sampleScores: true,
  sampleSums: true,
  areaQuestions: true,
  upwardBias: true,
};
const readers = Object.keys(isReader) as Reader[];

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
