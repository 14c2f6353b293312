export type { References, Samples } from '../core/samples.ts';
