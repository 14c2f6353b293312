import type { DatasetManifest, Feature } from './manifest.ts';
import { anyText, declaredText, type IsValue } from './row.ts';

/** A column that must hold something, and the texts that are something there. */
export interface Needed {
  name: string;
  isValue: IsValue;
}

function numbers(...names: readonly (string | null | undefined)[]): Needed[] {
  return named(names, () => false);
}

function texts(...names: readonly (string | undefined)[]): Needed[] {
  return named(names, anyText);
}

function oneOf(values: readonly string[], ...names: readonly string[]): Needed[] {
  return named(names, declaredText(values));
}

function named(names: readonly (string | null | undefined)[], isValue: IsValue): Needed[] {
  return names.flatMap((name) => (name === null || name === undefined ? [] : [{ name, isValue }]));
}

export function featureColumns({ inputs }: DatasetManifest): Needed[] {
  return inputs.flatMap((input) => {
    if (input.kind === 'integers') return texts(input.column);
    if (input.kind === 'texts') return texts(...input.columns);
    return input.kind === 'features' ? input.features.flatMap(columnsOfFeature) : [];
  });
}

function columnsOfFeature(feature: Feature): Needed[] {
  return feature.kind === 'one-hot' ? oneOf(feature.values, ...feature.columns) : numbers(...feature.columns);
}

export function factColumns({ cluster, weight }: DatasetManifest): Needed[] {
  return [...texts(cluster), ...numbers(weight)];
}

export function targetColumns({ target }: DatasetManifest): Needed[] {
  switch (target.kind) {
    case 'value':
    case 'flags':
      return numbers(...target.columns);
    case 'class': {
      const values = target.classes.map(({ value }) => value);
      return oneOf(values, target.column);
    }
    case 'labels':
      return [];
    case 'gain':
      return [...numbers(target.column), ...texts(target.queryColumn)];
    case 'tags':
      return texts(target.column, target.words?.column);
    case 'tokens':
      return [...texts(target.column), ...numbers(target.promptColumn, target.floorColumn)];
  }
}
