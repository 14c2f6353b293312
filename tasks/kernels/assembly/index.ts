import { foldRows, Largest, Sum } from './fold-rows';
import { AbsoluteError, SymmetricError, PercentageError, PinballError, SquaredError } from './losses';
import { SquaredLogError } from './squared-log-error';

export function sumOfSquaredErrors(y: usize, p: usize, count: i32, option: f64): f64 {
  return foldRows<SquaredError, Sum>(y, p, count, option);
}

export function sumOfAbsoluteErrors(y: usize, p: usize, count: i32, option: f64): f64 {
  return foldRows<AbsoluteError, Sum>(y, p, count, option);
}

export function largestAbsoluteError(y: usize, p: usize, count: i32, option: f64): f64 {
  return foldRows<AbsoluteError, Largest>(y, p, count, option);
}

export function sumOfPercentageErrors(y: usize, p: usize, count: i32, option: f64): f64 {
  return foldRows<PercentageError, Sum>(y, p, count, option);
}

export function sumOfSymmetricErrors(y: usize, p: usize, count: i32, option: f64): f64 {
  return foldRows<SymmetricError, Sum>(y, p, count, option);
}

export function sumOfPinballErrors(y: usize, p: usize, count: i32, option: f64): f64 {
  return foldRows<PinballError, Sum>(y, p, count, option);
}

export function sumOfSquaredLogErrors(y: usize, p: usize, count: i32, option: f64): f64 {
  return foldRows<SquaredLogError, Sum>(y, p, count, option);
}

export { precisionArea, rocArea } from './areas';
export { errorsWithin } from './errors-within';
export { hasForeignIndex } from './indices';
export { moments } from './moments';
export { hasRowAmiss } from './probabilities';
export { hasInside, hasOutside } from './ranges';
export { sortNumbers } from './sort-keys';
