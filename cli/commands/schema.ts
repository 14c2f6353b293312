import * as z from 'zod';
import { exitCodes } from '../../core/errors.ts';
import { suiteSchema } from '../../suites/schema.ts';
import type { CommandResult } from '../command.ts';

/** `assay schema`: what editors need to complete and check a suite file. */
export function schemaCommand(): Promise<CommandResult> {
  const schema = z.toJSONSchema(suiteSchema, { io: 'input', target: 'draft-2020-12' });
  return Promise.resolve({ exitCode: exitCodes.pass, data: schema, text: JSON.stringify(schema, null, 2) });
}
