import type { ScanCells } from '../../datasets/readers/scan-cells.ts';
import type { Lanes } from './lanes.ts';
import { inShared } from './shared-tensors.ts';

/** Scans lines of CSV in the lanes, where there are several; a single one has the model to run. */
export function scanInLanes(lanes: Lanes): ScanCells | undefined {
  if (lanes.count === 1) return undefined;
  return (bytes, layout) => lanes.run(() => ({ kind: 'scan', bytes: inShared(bytes), layout }));
}
