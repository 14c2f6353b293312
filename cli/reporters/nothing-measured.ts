import type { FiledRecord, StoredRun } from '../../results/read-runs.ts';
import type { CommandError } from '../command.ts';

const doctor = 'assay doctor tells which targets run here.';

/** What helps against each cause; of several, the first. */
const hints: readonly (readonly [code: string, hint: string])[] = [
  ['out-of-memory', 'give cells more memory by --memory-limit, or evaluate fewer at once by --workers.'],
  ['timeout', 'give cells more time by --cell-timeout.'],
  ['error', 'correct what the reasons name, then assay validate the suite.'],
  ['unavailable', doctor],
  [
    'not-applicable',
    'name targets that run this format of model: onnxruntime/cpu runs ONNX and most of TF.js.',
  ],
];

/** That no cell of a run, or of a suite beside others, was measured, with what to do about it. */
export function nothingMeasured({ records }: Pick<StoredRun, 'records'>): CommandError[] {
  const suites = Map.groupBy(records, ({ record }) => record.subject.suite.id);
  const unmeasured = [...suites].filter(([, ofSuite]) => !ofSuite.some(isMeasured));
  if (unmeasured.length === suites.size) return [nothing('Nothing was measured.', records)];
  return unmeasured.map(([suite, ofSuite]) => nothing(`Nothing of suite ${suite} was measured.`, ofSuite));
}

/** Whether the quality of a cell was. */
export function isMeasured({ record }: FiledRecord): boolean {
  return record.kind === 'cell' && record.outcome.status === 'measured';
}

function nothing(message: string, records: readonly FiledRecord[]): CommandError {
  const codes = records.flatMap(({ record }) =>
    record.kind === 'cell' && record.outcome.status !== 'measured' ? [record.outcome.code as string] : [],
  );
  return { code: 'nothing-measured', message, hint: hintAgainst(codes) };
}

/** What helps where no cell was measured, or will be, for causes of these codes. */
export function hintAgainst(codes: readonly string[]): string {
  const [, hint] = hints.find(([code]) => codes.includes(code)) ?? ['', doctor];
  return hint;
}
