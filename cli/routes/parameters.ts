import { secondsOrDuration } from './duration.ts';
import { folder } from './folder.ts';
import { wholeNumber } from './whole-number.ts';

const json = {
  kind: 'boolean',
  brief: 'Print one JSON envelope {ok, command, data, errors}',
  default: false,
} as const;
const verbose = { kind: 'boolean', brief: 'Show stack traces of errors', default: false } as const;

/** Flags of every command. */
export const common = { json, verbose };

export const defaultResults = 'assay-results';

export const results = {
  kind: 'parsed',
  parse: folder,
  brief: 'Folder of the records',
  default: defaultResults,
  placeholder: 'folder',
} as const;

export const suites = {
  kind: 'array',
  parameter: {
    parse: String,
    brief: 'Built-in id or path of a suite; none means all built-in ones',
    placeholder: 'suite',
  },
} as const;

export const oneRun = {
  kind: 'array',
  parameter: { parse: String, brief: 'Run id; none means the newest', placeholder: 'run' },
  maximum: 1,
} as const;

/** What quality is judged by and passes calibrate on. */
export const modelData = {
  dataset: {
    kind: 'parsed',
    parse: String,
    brief: "Dataset to calibrate and judge on; none means the model's own",
    optional: true,
    placeholder: 'dataset',
  },
  suite: {
    kind: 'parsed',
    parse: String,
    brief: 'Suite whose dataset and metric are taken',
    optional: true,
    placeholder: 'suite',
  },
  scores: {
    kind: 'enum',
    values: ['probabilities', 'logits'],
    brief:
      "What a classifier gives for the classes of --dataset; none means what the model's manifest says, else probabilities",
    optional: true,
  },
} as const;

export const stepTimeout = {
  kind: 'parsed',
  parse: secondsOrDuration,
  brief: 'Longest time of one step, e.g. 90s or 30m; a number alone is of seconds',
  default: '5m',
  placeholder: 'time',
} as const;

/** How long layers are scored one by one. */
export const layerLimits = {
  maxLayers: {
    kind: 'parsed',
    parse: wholeNumber({ least: 1, most: 100_000 }),
    brief: 'Layers that are scored one by one, those with the most weights first',
    default: '64',
    placeholder: 'n',
  },
  samples: {
    kind: 'parsed',
    parse: wholeNumber({ least: 1, most: 1_000_000_000 }),
    brief: 'Test samples that single layers are scored on, spread over the test split',
    default: '1024',
    placeholder: 'n',
  },
  budget: {
    kind: 'parsed',
    parse: secondsOrDuration,
    brief:
      'Time for scoring layers one by one; no further one is begun after it; a number alone is of seconds',
    default: '10m',
    placeholder: 'time',
  },
} as const;
