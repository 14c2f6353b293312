import { exitCodes, type ExitCode } from '../core/errors.ts';
import type { Optimized } from '../runners/optimize/make-variants.ts';

/**
 * What making variants came to. One that was named and does not apply is not there, though it did not fail: whoever waits for its file has
 * to be told. Where none was made and what was asked is at fault of each that failed, it is as invalid as where one command asks for one.
 */
export function exitCodeOfMade(
  optimized: readonly Optimized[],
  { areUsual }: { areUsual: boolean },
): ExitCode {
  const isAnyWritten = optimized.some(({ status }) => status === 'written');
  const failed = optimized.filter((one) => one.status === 'failed');
  const isAnySkipped = optimized.some(({ status }) => status === 'not-applicable');
  if (isAnyWritten)
    return failed.length > 0 || (isAnySkipped && !areUsual) ? exitCodes.incomplete : exitCodes.pass;
  const isAtFault = failed.length > 0 && failed.every(({ by }) => by === 'asked');
  return isAtFault ? exitCodes.invalid : exitCodes.incomplete;
}
