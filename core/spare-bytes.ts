/**
 * What was given back last. V8 counts the memory of buffers and collects garbage for the sake of it, which takes as long as making a
 * small model smaller, and comes as often as one is read into new memory.
 */
let spare: ArrayBuffer | null = null;
let forgetting: NodeJS.Timeout | null = null;

/** Long enough for who rewrites one model after the other. */
const keptMs = 1000;

/** Bytes to fill, whatever they hold: memory given back where that is as large and no larger than twice that, else new. */
export function takeBytes(length: number): Uint8Array<ArrayBuffer> {
  const kept = spare;
  const isFit = kept !== null && kept.byteLength >= length && kept.byteLength <= 2 * length;
  if (!isFit) return Buffer.allocUnsafeSlow(length);
  keep(null);
  return new Uint8Array(kept, 0, length);
}

/** Gives back the memory behind bytes, for who takes as many within a second: nobody may look at any view of it from here on. */
export function giveBack({ buffer }: Uint8Array<ArrayBuffer>): void {
  // Not detached: V8 would count it as new memory when it is attached again.
  keep(buffer);
}

function keep(buffer: ArrayBuffer | null): void {
  if (forgetting !== null) clearTimeout(forgetting);
  spare = buffer;
  forgetting = buffer === null ? null : setTimeout(forget, keptMs).unref();
}

function forget(): void {
  keep(null);
}
