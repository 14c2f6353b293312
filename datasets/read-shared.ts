import { open, type FileHandle } from 'node:fs/promises';

const pieceBytes = 2 ** 20;
/** In front of each piece, for the end of the one before: of most files more than a line. */
const roomBytes = 2 ** 16;

/** The bytes of a file, read to where threads share them; the next are on their way while some are looked at. */
export async function* readShared(file: string): AsyncGenerator<Buffer, void> {
  const handle = await open(file);
  let next = readPiece(handle);
  try {
    for (let piece = await next; piece.length > 0; piece = await next) {
      next = readPiece(handle);
      yield piece;
    }
  } finally {
    await next.catch(() => undefined);
    await handle.close();
  }
}

async function readPiece(handle: FileHandle): Promise<Buffer> {
  const piece = Buffer.from(new SharedArrayBuffer(roomBytes + pieceBytes), roomBytes);
  const { bytesRead } = await handle.read(piece, 0, pieceBytes);
  return piece.subarray(0, bytesRead);
}
