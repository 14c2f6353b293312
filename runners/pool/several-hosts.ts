import { startHost, type Host, type HostOptions } from './supervise.ts';

/** As many hosts as tasks are asked for at a time, each with one of them: none waits for one that hangs, or is ended with it. */
export function startSeveralHosts(
  options: HostOptions,
  start: (options: HostOptions) => Host = startHost,
): Host {
  const started: Host[] = [];
  const idle: Host[] = [];
  let isClosed = false;
  const startAnother = (): Host => {
    const host = start({ ...options, workers: 1 });
    if (isClosed) host.close();
    started.push(host);
    return host;
  };
  return {
    run: async (task, limits) => {
      const host = idle.pop() ?? startAnother();
      const outcome = await host.run(task, limits);
      idle.push(host);
      return outcome;
    },
    close: () => {
      isClosed = true;
      for (const host of started) host.close();
    },
    closed: async () => {
      await Promise.all(started.map((host) => host.closed()));
    },
  };
}
