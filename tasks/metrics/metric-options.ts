import type { TaskKind } from '../../core/task-kind.ts';
import * as z from 'zod';
import { AssayError } from '../../core/errors.ts';
import { parseWith } from '../../core/parse.ts';
import type { Metric } from '../metric.ts';
import {
  formatMetricId,
  parseMetricId,
  readList,
  readText,
  writeOption,
  type OptionValue,
} from './metric-id.ts';

type Options = z.ZodObject<Record<string, z.ZodType<OptionValue | undefined>>>;

/** What a suite may set of a metric, and the metric that is set so. */
export interface MetricOptions<Kind extends TaskKind> {
  /** Reads options as an id holds them; each has a default. */
  schema: Options;
  metricOf: (options: never) => Metric<Kind>;
}

/** A metric as its defaults have it, of which options can be set. */
export function configurable<Kind extends TaskKind, Schema extends Options>(
  schema: Schema,
  metricOf: (options: z.output<Schema>) => Metric<Kind>,
): Metric<Kind> {
  return { ...metricOf(defaultsOf(schema)), options: { schema, metricOf } };
}

/** Read once by each process and thread: compiling a parser for that takes longer. */
function defaultsOf<Schema extends Options>(schema: Schema): z.output<Schema> {
  return schema.parse({}, { jitless: true });
}

/** The metric with another id, whatever its options. */
export function renamed<Kind extends TaskKind>(metric: Metric<Kind>, id: string): Metric<Kind> {
  const { options } = metric;
  if (options === undefined) return { ...metric, id };
  const metricOf = (chosen: never): Metric<Kind> => ({ ...options.metricOf(chosen), id });
  return { ...metric, id, options: { ...options, metricOf } };
}

/** The metric with further options beside its own. */
export function withOptionsOf<Kind extends TaskKind, Schema extends Options>(
  metric: Metric<Kind>,
  schema: Schema,
  change: (metric: Metric<Kind>, options: z.output<Schema>) => Metric<Kind>,
): Metric<Kind> {
  const own = metric.options;
  const merged = own === undefined ? schema : own.schema.extend(schema.shape);
  const metricOf = (options: z.output<Schema>): Metric<Kind> =>
    change(own === undefined ? metric : own.metricOf(options as never), options);
  return { ...metric, options: { schema: merged, metricOf } };
}

export const flagOption = z.enum(['true', 'false']).transform((text) => text === 'true');
export const textOption = z.string().min(1).transform(readText);
export const listOption = z.string().min(1).transform(readList);

/** A number in a range, whole ones only where it is to be counted. */
export function numberOption(accepted: z.ZodType<number, number>): z.ZodType<number, string> {
  return z.string().min(1).transform(Number).pipe(accepted);
}

/**
 * A metric with the options of an id. Its own id and label name what differs from the defaults, in one spelling: options in the
 * order of the metric, defaults left out. `plainOf` knows the metrics without options.
 */
export function configured<Kind extends TaskKind>(
  metric: Metric<Kind>,
  id: string,
  plainOf: (id: string) => Metric<Kind>,
): Metric<Kind> {
  const { options: given } = parseMetricId(id);
  if (given.size === 0) return metric;
  if (metric.options === undefined)
    throw new AssayError(
      'usage-invalid',
      `Metric "${metric.id}" takes no options; found "${[...given.keys()].join('", "')}".`,
    );
  const { schema, metricOf } = metric.options;
  const source = { what: 'options', where: `metric "${id}"`, code: 'usage-invalid' } as const;
  const chosen = parseWith(schema, Object.fromEntries(given), source);
  const made = metricOf(chosen as never);
  // What is made may be a metric with an id of its own, such as chrf++.
  const base = plainOf(made.id);
  const changed = differences(chosen, base.options === undefined ? {} : defaultsOf(base.options.schema));
  if (changed.length === 0) return base;
  const spelling = { ...parseMetricId(base.id), options: new Map(changed) };
  const described = changed.map(
    ([name, value]) => `${inWords(name)} ${readList(value).map(quoted).join(', ')}`,
  );
  return { ...made, id: formatMetricId(spelling), label: withDetails(made.label, described.join(', ')) };
}

/** Details in brackets, in those that are there. */
function withDetails(label: string, details: string): string {
  return label.endsWith(')') ? `${label.slice(0, -1)}, ${details})` : `${label} (${details})`;
}

type Values = Readonly<Record<string, OptionValue | undefined>>;

function differences(chosen: Values, defaults: Values): [option: string, written: string][] {
  return Object.entries(chosen).flatMap(([name, value]) => {
    if (value === undefined) return [];
    const [written, usual] = [writeOption(value), defaults[name]];
    return usual !== undefined && writeOption(usual) === written ? [] : [[name, written]];
  });
}

/** In quotes where it would read as several. */
function quoted(name: string): string {
  return /[ ,]/.test(name) ? `"${name}"` : name;
}

function inWords(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
}
