#!/usr/bin/env node
/** The only module that ends the process in order. */
import module from 'node:module';
import { exitCodes, type ExitCode } from '../core/errors.ts';
import { endOnInterrupt } from './abort-on-interrupt.ts';

const oldestNode = [22, 18] as const;

for (const stream of ['stdout', 'stderr'] as const)
  process[stream].on('error', (error: NodeJS.ErrnoException) => {
    endUnlessClosed(error, stream);
  });

process.on('uncaughtException', endByFault);
endOnInterrupt();
process.exitCode = isTooOld(process.versions.node) ? refuseNode() : await start();

/** Whoever reads may stop reading, as `head` does, or close the terminal; the run goes on and ends in order. A full disk loses what was asked for. */
function endUnlessClosed({ code, message }: NodeJS.ErrnoException, stream: 'stdout' | 'stderr'): void {
  if (code === 'EPIPE' || (code === 'EIO' && process[stream].isTTY)) return;
  if (stream === 'stdout')
    process.stderr.write(
      `Error: Cannot write to stdout: ${message}.\n  Next: make room there, or send it elsewhere; then give the same command again.\n`,
    );
  process.exit(exitCodes.incomplete);
}

function isTooOld(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major < oldestNode[0] || (major === oldestNode[0] && minor < oldestNode[1]);
}

function refuseNode(): ExitCode {
  const message = `Error: Assay needs Node ${oldestNode.join('.')} or newer; this is ${process.version}.\n`;
  process.stderr.write(`${message}  Next: npm install node@24, then npx assay\n`);
  return exitCodes.invalid;
}

/**
 * The rest is imported only now: an older Node could not even read it. Compiled modules are kept in Node's cache of them, which
 * is in the folder for temporary files: reading and compiling is most of what a small command takes.
 */
async function start(): Promise<ExitCode> {
  module.enableCompileCache();
  try {
    const { runCli } = await import('./app.ts');
    return await runCli(process.argv.slice(2));
  } catch (thrown) {
    return tellFault(thrown);
  }
}

/** Of what nobody waits for, a rejected promise too: Node itself would end with 1, which says that a gate failed. */
function endByFault(thrown: unknown): never {
  process.exit(tellFault(thrown));
}

function tellFault(thrown: unknown): ExitCode {
  process.stderr.write(`${thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown)}\n`);
  return exitCodes.internal;
}
