import * as z from 'zod';

/** Where a record was measured. Verdicts compare only within one `fingerprint`. */
export const environmentSchema = z.strictObject({
  /** Hash of all below, memory to a quarter of a GiB; records of version 1 hashed fewer fields. */
  fingerprint: z.string().regex(/^[0-9a-f]{64}$/),
  cpu: z.strictObject({
    model: z.string(),
    cores: z.int().positive(),
    /** Instruction sets that decide which kernels run, e.g. `avx512_vnni`; empty where the platform does not tell. */
    flags: z.array(z.string()),
    /** Cores' worth of CPU time the control group may use; null where it has no quota or the platform does not tell. */
    quota: z.number().positive().nullable(),
    /** Frequency governor; null where the platform does not tell. */
    governor: z.string().nullable(),
  }),
  memoryBytes: z.int().positive(),
  os: z.string(),
  virtualization: z.string().nullable(),
  node: z.string(),
  v8: z.string(),
  /** Versions of the packages that compute, by name. */
  packages: z.record(z.string(), z.string()),
  /** Graphics adapters and drivers as the platform tells them; empty where it does not. */
  graphics: z.array(z.string()),
  /** Flags and environment variables in force that the runtimes obey, e.g. `OMP_NUM_THREADS`. */
  settings: z.record(z.string(), z.string()),
});

export type Environment = z.output<typeof environmentSchema>;
