import { siblingModule } from '../../core/package-root.ts';
import type { ScenarioOutcome } from '../../results/schema.ts';
import { askChild } from '../ask-child.ts';
import type { ScenarioMeasurement, ScenarioReply, ScenarioRequest } from './request.ts';

export type ScenarioProcessOutcome =
  ({ status: 'ok' } & ScenarioMeasurement) | Extract<ScenarioOutcome, { status: 'failed' }>;

/** Runs a scenario in a fresh child process. A crash, an error or no answer in time is an outcome, not a throw. */
export async function runInProcess(
  request: ScenarioRequest,
  conditions: { timeoutMs: number; signal: AbortSignal },
): Promise<ScenarioProcessOutcome> {
  const module = siblingModule(import.meta.url, './scenario-process');
  const answer = await askChild<ScenarioReply>(module, request, conditions);
  if (answer.status === 'failed') return answer;
  const { reply, stderrTail } = answer;
  if (reply.status === 'ok') return reply;
  return { status: 'failed', code: 'error', reason: reply.reason, stderrTail };
}
