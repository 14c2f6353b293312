/**
 * The number that comes at `rank` in ascending order, none of them NaN (Hoare 1961). The input is working memory: what comes
 * before the rank is moved before it, and the rest behind.
 */
export function selectRank(values: Float64Array, rank: number): number {
  let [low, high] = [0, values.length - 1];
  while (low < high) {
    const [below, above] = parted(values, low, high);
    if (rank <= below) high = below;
    else if (rank >= above) low = above;
    else break;
  }
  return values[rank]!;
}

/** Moves numbers up to a pivot before those from it on; between the two ends returned all are equal to it. */
function parted(values: Float64Array, low: number, high: number): [below: number, above: number] {
  const pivot = middleOf(values[low]!, values[(low + high) >>> 1]!, values[high]!);
  let [left, right] = [low, high];
  while (left <= right) {
    while (values[left]! < pivot) left++;
    while (values[right]! > pivot) right--;
    if (left > right) break;
    const moved = values[left]!;
    values[left++] = values[right]!;
    values[right--] = moved;
  }
  return [right, left];
}

function middleOf(a: number, b: number, c: number): number {
  return Math.max(Math.min(a, b), Math.min(Math.max(a, b), c));
}
