import type { Lines } from './lines.ts';
import type { CsvLayout, Scan, ScanCells } from './scan-cells.ts';

/** Pieces of a file that are scanned at a time, where other threads do it. */
const mostAhead = 4;

interface Piece {
  bytes: Buffer;
  scan: Promise<Scan | null>;
}

/** Pieces of a file, scanned, in their order; from the first one on that asks for a parser, they are left in `lines`. */
export async function* scanAhead(
  lines: Lines,
  layout: CsvLayout,
  scan: ScanCells,
): AsyncGenerator<{ bytes: Buffer; scan: Scan }, void> {
  const ahead: Piece[] = [];
  let { before } = lines;
  const fill = async (): Promise<Piece | undefined> => {
    while (lines.piece !== null && ahead.length < mostAhead) {
      ahead.push({ bytes: lines.piece, scan: start(scan, lines.piece, layout) });
      await lines.next();
    }
    return ahead[0];
  };
  for (let first = await fill(); first !== undefined; first = await fill()) {
    const scanned = await first.scan;
    if (scanned === null) {
      const pieces = ahead.map(({ bytes }) => bytes);
      lines.putBack(pieces, before);
      return;
    }
    ahead.shift();
    before += scanned.lines;
    yield { bytes: first.bytes, scan: scanned };
  }
}

/** A rejection that is looked at later, or never where nobody reads on, must not count as unhandled. */
function start(scan: ScanCells, bytes: Buffer, layout: CsvLayout): Promise<Scan | null> {
  const scanned = Promise.resolve(scan(bytes, layout));
  scanned.catch(() => undefined);
  return scanned;
}
