import type { Subject } from '../subject.ts';
import { datasets } from './datasets.ts';
import { onnxFiles } from './onnx-files.ts';
import { parquetFiles } from './parquet-files.ts';
import { records } from './records.ts';
import { suites } from './suites.ts';
import { tfjsManifests } from './tfjs-manifests.ts';

export const subjects = {
  'onnx-files': onnxFiles,
  'tfjs-manifests': tfjsManifests,
  suites,
  records,
  datasets,
  'parquet-files': parquetFiles,
} as const satisfies Record<string, Subject>;

export type SubjectName = keyof typeof subjects;
