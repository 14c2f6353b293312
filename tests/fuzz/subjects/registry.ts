import type { Subject } from '../subject.ts';
import { datasets } from './datasets.ts';
import { onnxFiles } from './onnx-files.ts';
import { records } from './records.ts';
import { suites } from './suites.ts';
import { tfjsManifests } from './tfjs-manifests.ts';

export const subjects = {
  'onnx-files': onnxFiles,
  'tfjs-manifests': tfjsManifests,
  suites,
  records,
  datasets,
} as const satisfies Record<string, Subject>;

export type SubjectName = keyof typeof subjects;
