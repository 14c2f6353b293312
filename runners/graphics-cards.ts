import * as z from 'zod';
import { parseIfJson } from '../core/parse.ts';
import type { ReadText } from './read-text.ts';
import { inMebibytes } from './resident-memory.ts';
import type { RunProgram } from './run-program.ts';

/** Graphics cards are looked for under these many numbers. */
const mostCards = 8;

export interface CardEffects {
  readText: ReadText;
  runProgram: RunProgram;
  platform: NodeJS.Platform;
}

/** Each graphics card with its driver and memory in words, as far as the platform tells: empty where it tells nothing. */
export function graphicsCards(effects: CardEffects): string[] {
  if (effects.platform === 'darwin') return cardsOfMac(effects);
  const cards = effects.platform === 'linux' ? cardsOfLinux(effects) : [];
  return [...cards, ...cardsOfNvidia(effects)];
}

/** The kernel driver and PCI id of each card, since Linux keeps no names; AMD's driver tells more. */
function cardsOfLinux({ readText }: CardEffects): string[] {
  return Array.from({ length: mostCards }, (_, card) => {
    const folder = `/sys/class/drm/card${card}/device`;
    const text = readText(`${folder}/uevent`) ?? '';
    const valueOf = (key: string): string[] =>
      [...(new RegExp(`^${key}=(.+)$`, 'm').exec(text) ?? [])].slice(1);
    const name = readText(`${folder}/product_name`)?.trim() ?? '';
    const bytes = Number(readText(`${folder}/mem_info_vram_total`));
    const words = [...valueOf('DRIVER'), ...valueOf('PCI_ID'), ...(name === '' ? [] : [name])];
    return [words.join(' '), ...(bytes > 0 ? [inMebibytes(bytes)] : [])].join(', ');
  }).filter((card) => card !== '');
}

/** By NVIDIA's own program; where there is only its kernel module, the version of that. */
function cardsOfNvidia({ readText, runProgram }: CardEffects): string[] {
  const query = ['--query-gpu=name,driver_version,memory.total', '--format=csv,noheader,nounits'];
  const lines = runProgram('nvidia-smi', query)?.trim().split('\n') ?? [];
  const cards = lines.flatMap((line) => {
    const [name = '', driver = '', memory = ''] = line.split(',').map((part) => part.trim());
    return driver === '' ? [] : [`${name}, driver ${driver}, ${memory} MiB`];
  });
  if (cards.length > 0) return cards;
  const version = readText('/proc/driver/nvidia/version') ?? '';
  const kernelModule = /^NVRM version:\s*(.+)$/m.exec(version)?.[1];
  return kernelModule === undefined ? [] : [kernelModule.replaceAll(/\s+/g, ' ')];
}

const displaysSchema = z.object({
  SPDisplaysDataType: z.array(
    z.object({
      sppci_model: z.string(),
      sppci_cores: z.string().optional(),
      spdisplays_vram: z.string().optional(),
    }),
  ),
});

/** On Apple's own chips the memory is that of the processor. */
function cardsOfMac({ runProgram }: CardEffects): string[] {
  const printed = runProgram('system_profiler', ['-json', 'SPDisplaysDataType']);
  if (printed === null) return [];
  const found = displaysSchema.safeParse(parseIfJson(printed));
  return (found.data?.SPDisplaysDataType ?? []).map(({ sppci_model, sppci_cores, spdisplays_vram }) =>
    [
      sppci_model,
      ...(sppci_cores === undefined ? [] : [`${sppci_cores} cores`]),
      ...(spdisplays_vram === undefined ? [] : [spdisplays_vram]),
    ].join(', '),
  );
}
