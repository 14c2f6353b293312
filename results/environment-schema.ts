import { z } from 'zod';

/** Where a record was measured. Verdicts compare only within one `fingerprint`. */
export const environmentSchema = z.strictObject({
  /** Hash of the fields that decide speed: CPU, cores, memory, kernel, Node, runtimes. */
  fingerprint: z.string().regex(/^[0-9a-f]{64}$/),
  cpu: z.strictObject({
    model: z.string(),
    cores: z.int().positive(),
    /** Instruction sets that decide which kernels run, e.g. `avx512_vnni`; empty where the platform does not tell. */
    flags: z.array(z.string()),
  }),
  memoryBytes: z.int().positive(),
  os: z.string(),
  virtualization: z.string().nullable(),
  node: z.string(),
  v8: z.string(),
  /** Versions of the packages that compute, by name. */
  packages: z.record(z.string(), z.string()),
});

export type Environment = z.output<typeof environmentSchema>;
