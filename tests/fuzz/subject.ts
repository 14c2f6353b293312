import type { CommandResult } from '../../cli/command.ts';
import type { Random } from '../../core/random.ts';
import type { Host } from '../../runners/pool/supervise.ts';
import type { Project } from '../cli/project.ts';

/** A kind of file of others that is damaged. */
export interface Subject {
  /** Writes a project, one file of which has something wrong in it. */
  write(project: Project, random: Random): Promise<void>;
  /** What commands do with such a project, in this process; models run in the host. */
  use(folder: string, host: Host): Promise<CommandResult>;
  /** A command line that meets the damage. */
  args: readonly string[];
}
