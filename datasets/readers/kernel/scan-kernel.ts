import type { CsvLayout, Scan } from '../scan-cells.ts';
import { compiled } from './compiled.ts';

/** What is compiled of `assembly/`. */
interface Compiled {
  memory: WebAssembly.Memory;
  lineEnds: WebAssembly.Global;
  scanLines: (...given: number[]) => number;
}

/** Scans lines with a kernel in WebAssembly, which the threads of a process compile once for all of them. */
export interface ScanKernel {
  /** Arrays in the memory of the kernel: they hold until the next scan. Null as of `scanCells`. */
  scan: (bytes: Uint8Array, layout: CsvLayout) => (Scan & { bounds: Int32Array }) | null;
}

/** Of the memory, what the kernel has for itself. */
const reservedBytes = 4096;

let kernel: ScanKernel | null = null;

/** That of this thread. */
export function scanKernel(): ScanKernel {
  kernel ??= startKernel();
  return kernel;
}

function startKernel(): ScanKernel {
  let text = Buffer.alloc(0);
  // A number that is spelled in another way than most: as JavaScript reads it.
  const numberIn = (start: number, end: number): number => Number(text.toString('latin1', start, end));
  const module = new WebAssembly.Module(Buffer.from(compiled, 'base64'));
  const { exports } = new WebAssembly.Instance(module, { number: { numberIn } });
  const { memory, lineEnds, scanLines } = exports as unknown as Compiled;
  return {
    scan: (bytes, layout) => {
      const places = placesFor(bytes.length, layout);
      const missing = places.end - memory.buffer.byteLength;
      if (missing > 0) memory.grow(Math.ceil(missing / 65_536));
      const { buffer } = memory;
      text = Buffer.from(buffer);
      text.set(bytes, places.bytes);
      const found = arraysAt(places, layout, buffer);
      found.columnOf.set(layout.columnOf);
      for (const flags of [found.isNumeric, found.isAsWritten]) flags.fill(1);
      found.largest.fill(0);
      const { cells, columns } = layout;
      const rows = scanLines(
        ...[places.bytes, places.bytes + bytes.length, cells, places.columnOf, columns],
        ...[places.numbers, places.bounds, places.largest, places.isNumeric, places.isAsWritten],
      );
      if (rows === -1) return null;
      const { isNumeric, isAsWritten, largest } = found;
      const numbers = new Float64Array(buffer, places.numbers, rows * columns);
      const bounds = new Int32Array(buffer, places.bounds, 2 * rows * columns);
      return { rows, lines: Number(lineEnds.value), numbers, bounds, isNumeric, isAsWritten, largest };
    },
  };
}

/** Addresses of what a scan reads and fills in. */
type Places = Record<
  'bytes' | 'columnOf' | 'isNumeric' | 'isAsWritten' | 'largest' | 'numbers' | 'bounds' | 'end',
  number
>;

function placesFor(length: number, { cells, columns }: CsvLayout): Places {
  // A row has a byte behind each of its cells, but for the last one of the text; cells of a line that ends too early are filled in, too.
  const mostCells = columns * (Math.floor((length + 1) / cells) + 1);
  const largest = reservedBytes;
  const columnOf = largest + 8 * columns;
  const isNumeric = columnOf + 4 * cells;
  const isAsWritten = isNumeric + columns;
  const bytes = isAsWritten + columns;
  const numbers = Math.ceil((bytes + length) / 8) * 8;
  const bounds = numbers + 8 * mostCells;
  const end = bounds + 8 * mostCells;
  return { bytes, columnOf, isNumeric, isAsWritten, largest, numbers, bounds, end };
}

function arraysAt(
  places: Places,
  { cells, columns }: CsvLayout,
  buffer: ArrayBuffer,
): Pick<Scan, 'isNumeric' | 'isAsWritten' | 'largest'> & { columnOf: Int32Array } {
  return {
    columnOf: new Int32Array(buffer, places.columnOf, cells),
    isNumeric: new Uint8Array(buffer, places.isNumeric, columns),
    isAsWritten: new Uint8Array(buffer, places.isAsWritten, columns),
    largest: new Float64Array(buffer, places.largest, columns),
  };
}
