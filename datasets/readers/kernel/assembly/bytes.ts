export const newline: u32 = 0x0a;
export const carriageReturn: u32 = 0x0d;
export const quote: u32 = 0x22;
export const plus: u32 = 0x2b;
export const comma: u32 = 0x2c;
export const minus: u32 = 0x2d;
export const point: u32 = 0x2e;
export const zero: u32 = 0x30;
export const upperE: u32 = 0x45;
export const lowerE: u32 = 0x65;

export function isDigit(byte: u32): bool {
  return byte - zero <= 9;
}

/** Whether a cell that is no more than its text cannot go on. */
export function endsCell(at: usize, end: usize): bool {
  if (at >= end) return true;
  const byte: u32 = load<u8>(at);
  return byte <= comma && (byte === comma || byte === newline || byte === carriageReturn || byte === quote);
}
