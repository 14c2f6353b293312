import * as z from 'zod';
import { adviceList, type AdviceCode } from '../core/advice.ts';

const codes = Object.keys(adviceList) as [AdviceCode, ...AdviceCode[]];

/** What was advised about a variant before it was measured: what was found, and what to do. */
export const adviceSchema = z.strictObject({
  code: z.enum(codes),
  detail: z.string(),
  action: z.string(),
});
