import * as z from 'zod';
import { AssayError } from '../../core/errors.ts';
import { parseJson } from '../../core/parse.ts';
import { sortAscending } from '../../core/statistics/quantile.ts';
import { mean } from '../../core/statistics/summary.ts';
import type { Profile, ProfiledNode } from '../../models/explain/profile.ts';

const shapes = z.array(z.record(z.string(), z.array(z.number()))).default([]);

/** An event of ONNX Runtime's profile (Chrome's trace format); times are in microseconds. */
const eventSchema = z.object({
  cat: z.string(),
  name: z.string(),
  ts: z.number(),
  dur: z.number(),
  args: z
    .object({
      op_name: z.string().optional(),
      provider: z.string().optional(),
      input_type_shape: shapes,
      output_type_shape: shapes,
    })
    .prefault({}),
});

type Event = z.output<typeof eventSchema>;

interface Call {
  start: number;
  end: number;
}

const kernelSuffix = '_kernel_time';

/**
 * What a profile that ONNX Runtime wrote says of a call: the first `uncounted` calls left out, of each node the mean of the middle
 * half of its calls. Throws where the file is not such a profile, or tells of no call.
 */
export function readProfile(
  text: string,
  { where, uncounted }: { where: string; uncounted: number },
): Profile {
  const source = { what: 'profile of ONNX Runtime', where, code: 'record-invalid' } as const;
  const events = parseJson(z.array(eventSchema), text, source);
  const calls = events
    .filter(({ name }) => name === 'model_run')
    .map(({ ts, dur }) => ({ start: ts, end: ts + dur }))
    .sort((a, b) => a.start - b.start)
    .slice(uncounted);
  if (calls.length === 0)
    throw new AssayError('record-invalid', `${where}: The profile of ONNX Runtime tells of no call.`);
  const kernels = events
    .filter(({ cat, name }) => cat === 'Node' && name.endsWith(kernelSuffix))
    .sort((a, b) => a.ts - b.ts || b.dur - a.dur);
  return { calls: calls.length, nodes: summarise(kernels, calls) };
}

/** One node in all calls: its times, in the order of the calls. */
interface Gathered {
  first: Event;
  runs: number;
  microseconds: number[];
}

function summarise(kernels: readonly Event[], calls: readonly Call[]): ProfiledNode[] {
  const nodes = new Map<string, Gathered>();
  const own = ownTimes(kernels);
  let call = 0;
  for (const event of kernels) {
    while (call < calls.length && event.ts >= (calls[call]?.end ?? 0)) call++;
    if (event.ts < (calls[call]?.start ?? Infinity)) continue;
    const key = `${event.name} ${event.args.op_name}`;
    const node = nodes.get(key) ?? { first: event, runs: 0, microseconds: calls.map(() => 0) };
    node.runs++;
    node.microseconds[call] = (node.microseconds[call] ?? 0) + (own.get(event) ?? 0);
    nodes.set(key, node);
  }
  return [...nodes.values()].map((node) => describe(node, calls.length));
}

/** The time of each event without that of the events within it, which are those of graphs inside its node. */
function ownTimes(sorted: readonly Event[]): Map<Event, number> {
  const own = new Map(sorted.map((event) => [event, event.dur]));
  const open: Event[] = [];
  for (const event of sorted) {
    while (open.length > 0 && event.ts >= endOf(open.at(-1))) open.pop();
    const around = open.at(-1);
    if (around !== undefined) own.set(around, (own.get(around) ?? 0) - event.dur);
    open.push(event);
  }
  return own;
}

function endOf(event: Event | undefined): number {
  return event === undefined ? 0 : event.ts + event.dur;
}

function describe({ first, runs, microseconds }: Gathered, calls: number): ProfiledNode {
  const { op_name: operator = '', provider = '', input_type_shape, output_type_shape } = first.args;
  return {
    name: first.name.slice(0, -kernelSuffix.length),
    operator,
    provider: provider.replace('ExecutionProvider', ''),
    ms: middleMean(microseconds) / 1000,
    runs: runs / calls,
    inputs: input_type_shape.flatMap((shape) => Object.values(shape)),
    outputs: output_type_shape.flatMap((shape) => Object.values(shape)),
  };
}

/** Whole microseconds are too coarse for a median, and a single interruption too long for a mean. */
function middleMean(values: readonly number[]): number {
  const sorted = Array.from(sortAscending(values));
  const cut = Math.floor(sorted.length / 4);
  return mean(sorted.slice(cut, sorted.length - cut));
}
