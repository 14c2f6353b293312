import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { AssayError } from '../../core/errors.ts';
import { siblingModule } from '../../core/package-root.ts';
import { cellBlock, type RowBlock } from '../row-block.ts';
import type { Data, Selection } from './data.ts';
import { drain } from './drain.ts';
import type { ParquetRequest, ParquetStep } from './parquet-steps.ts';
import type { ParquetAnswer } from './parquet-thread.ts';

/** Rows passed on at a time. */
const chunkRows = 4096;

/** How long a row group may take: far more than any that is whole. */
export interface Patience {
  leastMs: number;
  /** Of uncompressed bytes. */
  msPerMiB: number;
}

const longPatience: Patience = { leastMs: 30_000, msPerMiB: 1000 };

/** Files that were given up: another try would take as long. */
const givenUp = new WeakMap<Data, AssayError>();

/**
 * Rows of a Parquet file, a row group in memory at a time; whole numbers come as numbers, dates as ISO 8601 texts. A damaged page
 * can keep hyparquet busy without end, so a thread decodes, and is ended when it takes too long or the signal of the data is given.
 */
export async function* readParquet(
  data: Data,
  selection: Selection,
  patience: Patience = longPatience,
): AsyncGenerator<RowBlock, void> {
  if (data.path === null) throw new Error('internal: Parquet data without a file');
  const known = givenUp.get(data);
  if (known !== undefined) throw known;
  await drain(data.bytes());
  const request: ParquetRequest = { path: data.path, selection };
  for await (const { rows, columns } of readGroups(data, request, patience)) yield* blocksOf(rows, columns);
}

type Group = Extract<ParquetStep, { kind: 'group' }>;

async function* readGroups(
  data: Data,
  request: ParquetRequest,
  { leastMs, msPerMiB }: Patience,
): AsyncGenerator<Group, void> {
  const thread = new Worker(siblingModule(import.meta.url, './parquet-thread'), { workerData: request });
  // One that is not asked keeps no process that is done, nor ends one.
  thread.unref();
  thread.on('error', () => undefined);
  try {
    let sizes: readonly number[] = [];
    for (let read = 0; ;) {
      const limitMs = leastMs + ((sizes[read] ?? 0) / 2 ** 20) * msPerMiB;
      const answer = await ask(thread, data, limitMs);
      if (answer.kind === 'end') return;
      if (answer.kind === 'sizes') sizes = answer.sizes;
      else {
        read++;
        yield answer;
      }
    }
  } finally {
    await thread.terminate();
  }
}

async function ask(thread: Worker, data: Data, limitMs: number): Promise<ParquetStep | { kind: 'end' }> {
  const late = new AbortController();
  const timer = setTimeout(() => {
    late.abort();
  }, limitMs);
  const signal = AbortSignal.any([late.signal, ...(data.signal === undefined ? [] : [data.signal])]);
  thread.postMessage('next');
  try {
    const [answer] = (await once(thread, 'message', { signal })) as [ParquetAnswer];
    if (answer.kind !== 'refused') return answer;
    const { code, message, hint } = answer;
    throw new AssayError(code, message, hint === undefined ? {} : { hint });
  } catch (cause) {
    if (cause instanceof AssayError) throw cause;
    data.signal?.throwIfAborted();
    throw giveUp(data, late.signal.aborted ? limitMs : null, cause);
  } finally {
    clearTimeout(timer);
  }
}

/** `limitMs` is null where the thread came to an end of its own, as one does that is out of memory. */
function giveUp(data: Data, limitMs: number | null, cause: unknown): AssayError {
  const reason =
    limitMs === null
      ? 'its parts do not fit together'
      : `a row group was not decoded within ${Math.ceil(limitMs / 1000)} s`;
  const message = `${data.where} is not valid Parquet: ${reason}.`;
  const error = new AssayError('dataset-invalid', message, { hint: 'write the file anew', cause });
  givenUp.set(data, error);
  return error;
}

function* blocksOf(rows: number, columns: readonly Group['columns'][number][]): Generator<RowBlock, void> {
  for (let start = 0; start < rows; start += chunkRows) {
    const count = Math.min(chunkRows, rows - start);
    const cells = Array.from({ length: count }, (_, row) =>
      columns.map((column) => plain(column[start + row] as unknown)),
    );
    yield cellBlock(cells, columns.length);
  }
}

function plain(value: unknown): unknown {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  return value instanceof Date ? value.toISOString() : value;
}
