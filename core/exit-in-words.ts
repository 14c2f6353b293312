/** How Windows ends a process, which knows no signals: codes of ntstatus.h. */
const statuses: Readonly<Record<number, string>> = {
  0xc0000005: 'access violation',
  0xc0000017: 'no memory',
  0xc000001d: 'illegal instruction',
  0xc0000094: 'division by zero',
  0xc00000fd: 'stack overflow',
  0xc000012d: 'no memory',
  0xc000013a: 'Ctrl-C',
  0xc0000374: 'damaged heap',
  0xc0000409: 'abort',
};

/** How a process ended: `signal SIGSEGV`, `exit code 1`, `exit code 0xC0000005 (access violation)`. */
export function exitInWords(code: number | null, signal: NodeJS.Signals | null): string {
  if (signal !== null) return `signal ${signal}`;
  const status = statuses[code ?? 0];
  if (code === null || status === undefined) return `exit code ${code ?? 'unknown'}`;
  return `exit code 0x${code.toString(16).toUpperCase()} (${status})`;
}

/** Whether a process ended for want of memory, as far as Windows tells. */
export function isNoMemory(code: number | null): boolean {
  return statuses[code ?? 0] === 'no memory';
}

const interruptions: readonly NodeJS.Signals[] = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/** Whether Ctrl-C, a closed terminal, or who asks a process to end, ended it. */
export function isInterruption(code: number | null, signal: NodeJS.Signals | null): boolean {
  return (signal !== null && interruptions.includes(signal)) || statuses[code ?? 0] === 'Ctrl-C';
}
