import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import { parseTarget } from '../../suites/target.ts';
import { startHost, type Host } from '../../runners/pool/supervise.ts';
import { childPids } from './child-pids.ts';

const isLinux = process.platform === 'linux';
const script = fileURLToPath(new URL('../fakes/print-open-files.ts', import.meta.url));

test.runIf(isLinux)('ONNX Runtime opens no store of events, as it would by itself', () => {
  const env = { ...process.env };
  delete env.ORT_DISABLE_TELEMETRY;
  const { stdout } = spawnSync(process.execPath, [script], { env, encoding: 'utf8' });
  expect(stdout).toContain('/dev/null');
  expect(stdout).not.toContain('onnxruntime.db');
});

const hosts: Host[] = [];
afterEach(() => {
  for (const host of hosts.splice(0)) host.close();
});

test.runIf(isLinux)('neither does it in a process that was started for it', async () => {
  const host = startHost({ workers: 1, timeoutMs: 60_000 });
  hosts.push(host);
  await host.run({ kind: 'probe', target: parseTarget('onnxruntime/cpu') });
  const [pid] = childPids('host.js');
  const open = spawnSync('ls', ['-l', `/proc/${pid}/fd`], { encoding: 'utf8' }).stdout;
  expect(open).toContain(' -> ');
  expect(open).not.toContain('onnxruntime.db');
  expect(readFileSync(`/proc/${pid}/environ`, 'utf8')).toContain('ORT_DISABLE_TELEMETRY=1');
});
