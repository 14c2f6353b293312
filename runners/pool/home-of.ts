import type { Target } from '../../suites/target.ts';
import type { LaneTask } from './lane-task.ts';

/** Devices whose sessions share state that no lock guards, whatever their model: calls from two threads at a time end the process. */
const oneThreaded: readonly string[] = ['onnxruntime/webgpu'];

/** What tasks have in common that one lane must run, that of the first of them; null where any lane may. */
export function homeOf(task: LaneTask): string | null {
  const target = targetOf(task);
  if (target === null) return null;
  const name = `${target.runner}/${target.device}`;
  return oneThreaded.includes(name) ? name : null;
}

function targetOf(task: LaneTask): Target | null {
  if ('target' in task) return task.target;
  return 'model' in task && 'target' in task.model ? task.model.target : null;
}
