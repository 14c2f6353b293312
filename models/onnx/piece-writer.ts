import protobuf from 'protobufjs/minimal.js';

/** Bytes fields from here on are kept as they are, beside what is written. */
const leastKept = 2 ** 14;

interface Kept {
  /** Where among the bytes written it belongs. */
  at: number;
  bytes: Uint8Array;
}

/**
 * Writes what protobufjs' own writer does, without a copy of large fields: that one copies them as it grows, moves them once for each
 * message around them, to make room for its length, and copies all in the end.
 */
export class PieceWriter extends protobuf.BufferWriter {
  private readonly kept: Kept[] = [];
  private keptBytes = 0;
  /** What was kept when each message that is being written began. */
  private readonly marks: { start: number; count: number; bytes: number }[] = [];

  override bytes(value: Uint8Array): this {
    if (value.length < leastKept) super.bytes(value);
    else {
      this.uint32(value.length);
      this.kept.push({ at: this.pos, bytes: value });
      this.keptBytes += value.length;
    }
    return this;
  }

  override fork(): this {
    this.marks.push({ start: this.pos, count: this.kept.length, bytes: this.keptBytes });
    super.fork();
    return this;
  }

  override ldelim(): this {
    const { start, count, bytes } = this.marks.pop() ?? { start: 0, count: 0, bytes: 0 };
    const inside = this.keptBytes - bytes;
    if (inside === 0) super.ldelim();
    else {
      // One byte was left for the length.
      const body = Uint8Array.from(this.buf.subarray(start + 1, this.pos));
      this.reset().uint32(body.length + inside);
      const moved = this.pos - (start + 1);
      for (const one of this.kept.slice(count)) one.at += moved;
      this.raw(body);
    }
    return this;
  }

  /** All that was written, in order. */
  finishPieces(): Uint8Array[] {
    const written = this.buf.subarray(0, this.pos);
    const pieces: Uint8Array[] = [];
    let end = 0;
    for (const { at, bytes } of this.kept) {
      pieces.push(written.subarray(end, at), bytes);
      end = at;
    }
    return [...pieces, written.subarray(end)];
  }
}
