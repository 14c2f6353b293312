import path from 'node:path';
import type { ReadText } from './read-text.ts';

const root = '/sys/fs/cgroup';

/**
 * Folders of the control groups that share out the processors: this process's own, then those that it lies in, of either version. A
 * container may see no more than the last of them.
 */
export function cpuControlGroups(readText: ReadText): string[] {
  const groups = [...(readText('/proc/self/cgroup') ?? '').matchAll(/^\d+:([^:\n]*):(.*)$/gm)];
  const folders = groups.flatMap(([, controllers = '', group = '']) =>
    mountsOf(controllers).flatMap((mount) =>
      upwards(group).map((one) => path.posix.resolve(root, mount, one)),
    ),
  );
  return [...new Set([...folders, root, `${root}/cpu`])];
}

/** Version 2 has one tree for all; where version 1 has those of the processors depends on the system. */
function mountsOf(controllers: string): string[] {
  if (controllers === '') return [''];
  return controllers.split(',').includes('cpu') ? [controllers, 'cpu'] : [];
}

/** Relative to the mount; a group outside of what a container sees is called `/../other`. */
function upwards(group: string): string[] {
  const names = path.posix.resolve('/', group).split('/').filter(Boolean);
  return Array.from({ length: names.length + 1 }, (_, up) => names.slice(0, names.length - up).join('/'));
}
