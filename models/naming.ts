import { AssayError } from '../core/errors.ts';

/** Adds the file to what is said of a model that cannot be read or rewritten. */
export async function naming<Result>(where: string, apply: () => Promise<Result>): Promise<Result> {
  try {
    return await apply();
  } catch (error) {
    if (!(error instanceof AssayError) || error.message.includes(where)) throw error;
    const hint = error.hint === undefined ? {} : { hint: error.hint };
    throw new AssayError(error.code, `${where}: ${error.message}`, { ...hint, cause: error });
  }
}
