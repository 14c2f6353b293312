/** Whether one of `count` numbers of a column of int32, from the address of the first, is below 0 or not below `size`. */
export function hasForeignIndex(indices: usize, count: i32, size: i32): bool {
  const last = i32x4.splat(size - 1);
  // The sign of the distance to either end.
  let signs = i32x4.splat(0);
  for (const end = indices + ((<usize>(count >> 2)) << 4); indices < end; indices += 16) {
    const four = v128.load(indices);
    signs = v128.or(signs, v128.or(four, i32x4.sub(last, four)));
  }
  for (const end = indices + ((<usize>(count & 3)) << 2); indices < end; indices += 4) {
    const one = v128.load32_splat(indices);
    signs = v128.or(signs, v128.or(one, i32x4.sub(last, one)));
  }
  return i32x4.bitmask(signs) !== 0;
}
