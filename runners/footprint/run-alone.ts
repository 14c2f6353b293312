import { systemClock, type Clock } from '../../core/clock.ts';
import { hashOf, sha256 } from '../../core/hash.ts';
import { isKept } from '../../core/start-of-text.ts';
import type { Tensor, Tensors } from '../../core/tensor.ts';
import { bindInputs } from '../bind-inputs.ts';
import { loadSettings } from '../load-settings.ts';
import { outputDifference } from '../output-difference.ts';
import type { Runner, Session } from '../runner.ts';
import { timeFloor } from './floor.ts';
import { generateSequences } from './generate.ts';
import { leastSamples } from './memory-growth.ts';
import { createProcessMemory, type ProcessMemory } from './process-memory.ts';
import type {
  FootprintProcess,
  FootprintRequest,
  GeneratedSequence,
  GenerationRequest,
  MemorySample,
} from './request.ts';

/** Memory is looked at so often. */
const samples = 10;
const maxCallsPerSample = 200;

/** The parts that a test replaces. */
export interface AloneEffects {
  runner: Runner;
  clock?: Clock;
  memory?: ProcessMemory;
}

/** Loads one model in this process, calls it again and again and tells what that took. */
export async function runAlone(request: FootprintRequest, effects: AloneEffects): Promise<FootprintProcess> {
  const { runner, clock = systemClock, memory = createProcessMemory() } = effects;
  const settings = loadSettings(request.target, request);
  memory.collectGarbage();
  const idleBytes = memory.residentBytes();
  const start = clock.nowMs();
  const session = await runner.load(request.artifact, settings);
  const loadMs = clock.nowMs() - start;
  const repeated = await callAgainAndAgain(session, request, { clock, memory });
  const peakBytes = memory.peakBytes();
  const sequences = await continuePrompts(session, request, clock);
  await session.close();
  return {
    loadMs,
    idleBytes,
    peakBytes,
    ...repeated,
    sequences,
    floorMs: await timeFloor(runner, settings, clock),
  };
}

type Repeated = Pick<FootprintProcess, 'firstCallMs' | 'memory' | 'outputHash' | 'largestDifference'>;

async function callAgainAndAgain(
  session: Session,
  { inputs, callsMs }: FootprintRequest,
  { clock, memory }: { clock: Clock; memory: ProcessMemory },
): Promise<Repeated> {
  const infer = bindInputs(session, inputs);
  const timeCalls = async (calls: number): Promise<{ outputs: Tensors; ms: number }> => {
    const start = clock.nowMs();
    let outputs = await infer(inputs);
    for (let call = 1; call < calls; call++) outputs = await infer(inputs);
    return { outputs, ms: clock.nowMs() - start };
  };
  const first = await timeCalls(1);
  // The runtime may hand out the same memory again.
  const outputs = copyOf(first.outputs);
  const second = await timeCalls(1);
  let largestDifference = outputDifference(outputs, second.outputs);
  const fitting = Math.ceil(callsMs / samples / Math.max(second.ms, 1e-4));
  const callsPerSample = Math.min(maxCallsPerSample, fitting);
  const taken: MemorySample[] = [];
  for (let spentMs = 0; taken.length < samples && (taken.length < leastSamples || spentMs < callsMs);) {
    const repeated = await timeCalls(callsPerSample);
    spentMs += repeated.ms;
    largestDifference = Math.max(largestDifference, outputDifference(outputs, repeated.outputs));
    memory.collectGarbage();
    taken.push({ calls: 2 + (taken.length + 1) * callsPerSample, residentBytes: memory.residentBytes() });
  }
  return { firstCallMs: first.ms, memory: taken, outputHash: hashOfOutputs(outputs), largestDifference };
}

function copyOf(tensors: Tensors): Tensors {
  const entries = Object.entries(tensors).map(([name, tensor]) => [
    name,
    { ...tensor, data: tensor.data.slice() } as Tensor,
  ]);
  return Object.fromEntries(entries) as Tensors;
}

function hashOfOutputs(outputs: Tensors): string {
  return hashOf(Object.entries(outputs).map(([name, tensor]) => [name, sha256(bytesOf(tensor))]));
}

function bytesOf({ type, data }: Tensor): Uint8Array | string {
  return type === 'string'
    ? JSON.stringify(data)
    : new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
}

function continuePrompts(
  session: Session,
  { generation, inputs }: FootprintRequest,
  clock: Clock,
): Promise<GeneratedSequence[]> {
  if (generation === null) return Promise.resolve([]);
  const isPadded = !generation.canGoUnpadded || !takesAnyLength(session, generation);
  return generateSequences(generation, { infer: bindInputs(session, inputs), isPadded, clock });
}

/** An only input goes by any name. */
function takesAnyLength({ inputs }: Session, { words }: GenerationRequest): boolean {
  const own = inputs.filter(({ name }) => name in words);
  const others = inputs.filter(({ name }) => !isKept(name));
  return (own.length === 0 ? others : own).every(({ shape }) => shape[1] === null);
}
