import type { Environment } from '../../results/environment-schema.ts';
import { formatBytes, formatCount } from '../../site/views/format.ts';

/** What the machine is, as far as speed depends on it: a line a thing. */
export function machineText(environment: Environment, freeBytes: number): string {
  const { memoryBytes, os, virtualization, node, v8, packages, graphics, settings } = environment;
  const lines: [string, string][] = [
    ['Processor', processorText(environment.cpu)],
    ['', environment.cpu.flags.join(' ')],
    ['Memory', `${formatBytes(memoryBytes)}, of which ${formatBytes(freeBytes)} is free`],
    ...(graphics.length === 0 ? ['no card is seen'] : graphics).map((card): [string, string] => [
      'Graphics',
      card,
    ]),
    ['System', [os, ...(virtualization === null ? [] : [`on ${virtualization}`])].join(' ')],
    ['Node', `${node}, V8 ${v8}`],
    ['Packages', pairs(packages, ' ')],
    ['Settings', pairs(settings, '=')],
    ['Fingerprint', environment.fingerprint.slice(0, 12)],
  ];
  return lines
    .filter(([, text]) => text !== '')
    .map(([name, text]) => `${name.padEnd(11)}  ${text}`)
    .join('\n');
}

function processorText({ model, cores, quota, governor }: Environment['cpu']): string {
  return [
    model,
    formatCount(cores, 'core'),
    ...(quota === null ? [] : [`a quota of ${quota}`]),
    ...(governor === null ? [] : [`governor ${governor}`]),
  ].join(', ');
}

function pairs(values: Readonly<Record<string, string>>, between: string): string {
  return Object.entries(values)
    .map(([name, value]) => `${name}${between}${value}`)
    .join(', ');
}
