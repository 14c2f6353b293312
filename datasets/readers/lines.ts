import { isUtf8 } from 'node:buffer';
import { AssayError } from '../../core/errors.ts';
import { longestRow } from '../limits.ts';
import { notUtf8 } from './text.ts';

const newline = 0x0a;

/** A text in bytes, read in pieces of whole lines. */
export class Lines {
  /** What is under the reader's eyes; null at the end. */
  piece: Buffer | null = Buffer.alloc(0);
  /** Lines in front of the first piece that is not read yet. */
  before = 0;
  readonly #pieces: AsyncIterator<Buffer, void>;
  /** Pieces that were put back, before all others. */
  #back: Buffer[] = [];

  constructor(bytes: AsyncIterable<Uint8Array>, where: string) {
    this.#pieces = wholeLines(bytes, where);
  }

  /** Whoever reads the piece knows how many lines it has, or does not need to. */
  async next(): Promise<void> {
    const back = this.#back.shift();
    this.piece = back ?? (await this.#pieces.next()).value ?? null;
  }

  /** Pieces that were taken, with `before` lines in front of them, are under the reader's eyes again. */
  putBack([first, ...others]: readonly Buffer[], before: number): void {
    if (first === undefined) return;
    this.#back = [...others, ...(this.piece === null ? [] : [this.piece]), ...this.#back];
    this.piece = first;
    this.before = before;
  }

  /** The next line without its end; null where there is none. */
  async peekLine(): Promise<Uint8Array | null> {
    while (this.piece?.length === 0) await this.next();
    if (this.piece === null) return null;
    const end = this.piece.indexOf(newline);
    return end === -1 ? this.piece : this.piece.subarray(0, end);
  }

  async skipLine(): Promise<void> {
    const line = await this.peekLine();
    if (this.piece === null || line === null) return;
    if (line.length < this.piece.length) this.before++;
    this.piece = this.piece.subarray(line.length + 1);
  }

  /** All that is left. */
  async *rest(): AsyncGenerator<Uint8Array, void> {
    while (this.piece !== null) {
      yield this.piece;
      await this.next();
    }
  }
}

/** UTF-8 bytes in pieces of whole lines, the last one perhaps without its end; without a byte order mark. */
async function* wholeLines(bytes: AsyncIterable<Uint8Array>, where: string): AsyncGenerator<Buffer, void> {
  let rest = Buffer.alloc(0);
  let isFirst = true;
  const checked = (lines: Buffer): Buffer => {
    if (!isUtf8(lines)) throw notUtf8(where);
    const mark = isFirst && lines[0] === 0xef && lines[1] === 0xbb && lines[2] === 0xbf ? 3 : 0;
    isFirst = false;
    return lines.subarray(mark);
  };
  for await (const piece of bytes) {
    const end = piece.lastIndexOf(newline) + 1;
    if (end > 0) yield checked(joined(rest, piece.subarray(0, end)));
    rest = Buffer.concat(end > 0 ? [piece.subarray(end)] : [rest, piece]);
    if (rest.length > longestRow) throw tooLong(where);
  }
  if (rest.length > 0) yield checked(rest);
}

/** In memory that threads share, as others may scan them; in front of `end` where its memory has room there. */
function joined(start: Uint8Array, end: Uint8Array): Buffer {
  const { buffer, byteOffset } = end;
  if (buffer instanceof SharedArrayBuffer && byteOffset >= start.length) {
    const lines = Buffer.from(buffer, byteOffset - start.length, start.length + end.length);
    lines.set(start);
    return lines;
  }
  const bytes = Buffer.from(new SharedArrayBuffer(start.length + end.length));
  bytes.set(start);
  bytes.set(end, start.length);
  return bytes;
}

function tooLong(where: string): AssayError {
  const problem = `a line has more than ${longestRow} bytes`;
  return new AssayError('dataset-invalid', `${where} is not valid CSV: ${problem}.`);
}
