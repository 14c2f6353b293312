/** Entry of a thread that reads one Parquet file, a step each time it is asked. */
import { parentPort, workerData } from 'node:worker_threads';
import type { DecodedArray } from 'hyparquet';
import { AssayError, messageOf, type ErrorCode } from '../../core/errors.ts';
import { parquetSteps, type ParquetRequest, type ParquetStep } from './parquet-steps.ts';

/** `refused` is an AssayError in parts: between threads an error loses its code and hint. */
export type ParquetAnswer =
  | ParquetStep
  | { kind: 'end' }
  | { kind: 'refused'; code: ErrorCode; message: string; hint: string | undefined };

const steps = parquetSteps(workerData as ParquetRequest);

parentPort?.on('message', () => {
  void nextAnswer().then(post);
});

async function nextAnswer(): Promise<ParquetAnswer> {
  try {
    return (await steps.next()).value ?? { kind: 'end' };
  } catch (thrown) {
    if (!(thrown instanceof AssayError))
      return { kind: 'refused', code: 'dataset-invalid', message: messageOf(thrown), hint: undefined };
    return { kind: 'refused', code: thrown.code, message: thrown.message, hint: thrown.hint };
  }
}

function post(answer: ParquetAnswer): void {
  if (answer.kind !== 'group') return parentPort?.postMessage(answer);
  const columns = answer.columns.map(movable);
  const moved = columns.flatMap((column) => (ArrayBuffer.isView(column) ? [column.buffer] : []));
  parentPort?.postMessage({ ...answer, columns }, [...new Set(moved as ArrayBuffer[])]);
}

/** Numbers are moved, not copied one by one; what is moved is gone here, so a part of bytes that may be needed is copied first. */
function movable(column: DecodedArray): DecodedArray {
  if (Array.isArray(column)) return column.every(isNumber) ? Float64Array.from(column) : column;
  return column.byteLength === column.buffer.byteLength ? column : column.slice();
}

function isNumber(value: unknown): value is number {
  return typeof value === 'number';
}
