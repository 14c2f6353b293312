/** How V8, the C++ library, ONNX Runtime, TF.js and GPU drivers say that an allocation failed. */
const texts =
  /heap out of memory|std::bad_alloc|failed to allocate memory|array buffer allocation failed|cannot allocate memory|out of memory|\bENOMEM\b/i;

/** Whether a message tells of memory that was not to be had. */
export function isOutOfMemory(message: string): boolean {
  return texts.test(message);
}

/** What an error thrown while a model was loaded or run is recorded as. */
export function codeOfError(message: string): 'error' | 'out-of-memory' {
  return isOutOfMemory(message) ? 'out-of-memory' : 'error';
}
