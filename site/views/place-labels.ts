/** A point of a chart in pixels from its top left corner, and the text that belongs to it. */
export interface Spot {
  x: number;
  y: number;
  text: string;
}

/** Where a label's anchor goes, and which end of the text the anchor is. */
export interface Placement {
  x: number;
  y: number;
  align: 'left' | 'right' | 'center';
}

interface Box {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

const characterWidth = 6.6;
const lineHeight = 13;
const pointSize = 12;
const rounds = 4;

interface Offset {
  align: Placement['align'];
  dx: number;
  dy: number;
}

/** Beside, above and below a point, from near to far. */
const offsets: readonly Offset[] = [0, -12, 12, -24, 24, -36, 36, -48, 48].flatMap((dy): Offset[] => [
  { align: 'left', dx: 9, dy },
  { align: 'right', dx: -9, dy },
  ...(Math.abs(dy) > 6 ? [{ align: 'center', dx: 0, dy: dy + Math.sign(dy) * 3 } as const] : []),
]);

interface Label {
  placement: Placement;
  box: Box;
  /** Distance from its point in pixels. */
  reach: number;
}

/**
 * A place for each label where it overlaps the points, the other labels and the edges least. Each label moves in turn, a few
 * rounds, in the order given, so that the same input gives the same picture. Text is measured by its length alone.
 */
export function placeLabels(spots: readonly Spot[], size: { width: number; height: number }): Placement[] {
  const points = spots.map(({ x, y }) => boxAround(x, y, { width: pointSize, height: pointSize }));
  const labels: Label[] = [];
  for (let round = 0; round < rounds; round++) {
    spots.forEach((spot, index) => {
      const others = labels.filter((_, other) => other !== index).map(({ box }) => box);
      labels[index] = bestLabel(spot, [...points, ...others], size);
    });
  }
  return labels.map(({ placement }) => placement);
}

function bestLabel(spot: Spot, taken: readonly Box[], size: { width: number; height: number }): Label {
  const options = offsets.map((offset) => labelAt(spot, offset));
  const costs = options.map(({ box, reach }) => overlapOf(box, taken) + 3 * outsideOf(box, size) + reach);
  const best = options[costs.indexOf(Math.min(...costs))];
  if (best === undefined) throw new Error('internal: no place to choose from');
  return best;
}

function labelAt({ x, y, text }: Spot, { align, dx, dy }: Offset): Label {
  const width = text.length * characterWidth;
  const placement = { x: x + dx, y: y + dy, align };
  const center = { left: placement.x + width / 2, right: placement.x - width / 2, center: placement.x }[
    align
  ];
  const box = boxAround(center, placement.y, { width, height: lineHeight });
  return { placement, box, reach: Math.hypot(dx, dy) };
}

function boxAround(x: number, y: number, { width, height }: { width: number; height: number }): Box {
  return { left: x - width / 2, right: x + width / 2, top: y - height / 2, bottom: y + height / 2 };
}

/** Square pixels shared with boxes already there. */
function overlapOf(box: Box, others: readonly Box[]): number {
  return others.reduce((sum, other) => {
    const width = Math.min(box.right, other.right) - Math.max(box.left, other.left);
    const height = Math.min(box.bottom, other.bottom) - Math.max(box.top, other.top);
    return sum + Math.max(0, width) * Math.max(0, height);
  }, 0);
}

/** Square pixels beyond the edges. */
function outsideOf(box: Box, { width, height }: { width: number; height: number }): number {
  const horizontal = Math.max(0, -box.left) + Math.max(0, box.right - width);
  const vertical = Math.max(0, -box.top) + Math.max(0, box.bottom - height);
  return horizontal * lineHeight + vertical * (box.right - box.left);
}
