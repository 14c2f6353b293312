#!/usr/bin/env node
/** The only module that ends the process. */
import { exitCodes } from '../core/errors.ts';
import { runCli } from './app.ts';

process.exitCode = await runCli(process.argv.slice(2)).catch((thrown: unknown) => {
  process.stderr.write(`${thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)}\n`);
  return exitCodes.internal;
});
