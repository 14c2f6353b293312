/** Process exit codes; the contract of `docs/architecture.md`. */
export const exitCodes = {
  pass: 0,
  gateFailed: 1,
  invalid: 2,
  inconclusive: 3,
  incomplete: 4,
  internal: 5,
  interrupted: 130,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

const exitCodeOf = {
  'usage-invalid': exitCodes.invalid,
  'suite-invalid': exitCodes.invalid,
  'dataset-invalid': exitCodes.invalid,
  'model-invalid': exitCodes.invalid,
  /** A whole model that the runtime refuses. */
  'model-unloadable': exitCodes.invalid,
  'variant-invalid': exitCodes.invalid,
  'scores-invalid': exitCodes.invalid,
  'record-invalid': exitCodes.invalid,
  'record-newer': exitCodes.invalid,
  'not-found': exitCodes.invalid,
  'results-unwritable': exitCodes.invalid,
  'disk-full': exitCodes.incomplete,
  'target-unavailable': exitCodes.incomplete,
  'nothing-measured': exitCodes.incomplete,
  interrupted: exitCodes.interrupted,
} as const satisfies Record<string, ExitCode>;

export type ErrorCode = keyof typeof exitCodeOf;

/**
 * A failure the user can mend. `message` names the thing, the value found and what is accepted; `hint` is the
 * next command or step. Every other `Error` is a bug and leaves with exit code 5.
 */
export class AssayError extends Error {
  override readonly name = 'AssayError';
  readonly code: ErrorCode;
  readonly hint: string | undefined;

  constructor(code: ErrorCode, message: string, details: { hint?: string; cause?: unknown } = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.hint = details.hint;
  }

  get exitCode(): ExitCode {
    return exitCodeOf[this.code];
  }
}

/** The message of anything thrown, without the lines that some runtimes leave empty at its end. */
export function messageOf(thrown: unknown): string {
  return (thrown instanceof Error ? thrown.message : String(thrown)).trim();
}
