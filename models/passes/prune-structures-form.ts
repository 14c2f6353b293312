import type { NameForm } from './name-form.ts';
import { percentOf } from './name-form.ts';
import type { StructureKind } from './structure/dimensions.ts';

/** Units are chosen by the data they are refitted on, where they are. */
export function structuredForm(kind: StructureKind): NameForm {
  const multiple = kind === 'heads' ? 1 : 8;
  const usual = (isPlain: boolean): string => (isPlain ? 'weights' : 'activations');
  return {
    shown: `prune-${kind}-<1 to 99 percent>[-by-weights or -by-activations][-plain][-multiple-<1 to 256>]`,
    examples: [`prune-${kind}-50`, `prune-${kind}-50-plain`],
    pattern: new RegExp(
      `^prune-${kind}-(?<percent>[1-9]\\d?)(?:-by-(?<importance>weights|activations))?(?<plain>-plain)?(?:-multiple-(?<multiple>[1-9]\\d?|1\\d\\d|2[0-4]\\d|25[0-6]))?$`,
    ),
    parameters: (given) => ({
      sparsity: Number(given.percent) / 100,
      importance: given.importance ?? usual(given.plain !== undefined),
      reconstruction: given.plain === undefined ? 'least-squares' : 'none',
      multiple: given.multiple === undefined ? multiple : Number(given.multiple),
    }),
    name: (parameters) =>
      [
        `prune-${kind}-${percentOf(parameters.sparsity)}`,
        ...(parameters.importance === usual(parameters.reconstruction === 'none')
          ? []
          : [`by-${String(parameters.importance)}`]),
        ...(parameters.reconstruction === 'none' ? ['plain'] : []),
        ...(parameters.multiple === multiple ? [] : [`multiple-${String(parameters.multiple)}`]),
      ].join('-'),
  };
}
