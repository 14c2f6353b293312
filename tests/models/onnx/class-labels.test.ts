import { expect, test } from 'vitest';
import { classLabelsOf } from '../../../models/onnx/class-labels.ts';
import type { OnnxModel } from '../../../models/onnx/model.ts';
import { onnx } from '../../../models/onnx/proto/onnx.js';

interface Listed {
  name: string;
  ints?: number[];
  strings?: Uint8Array[];
}

function modelOf(...attributes: Listed[]): OnnxModel {
  const node = attributes.map((attribute) => ({ opType: 'ZipMap', attribute: [attribute] }));
  return onnx.ModelProto.decode(onnx.ModelProto.encode({ graph: { node } }).finish()) as OnnxModel;
}

const words = ['setosa', 'Zürich'].map((word) => new TextEncoder().encode(word));

test('classes are read from the nodes that list them, as text', () => {
  expect(classLabelsOf(modelOf({ name: 'classlabels_strings', strings: words }))).toEqual([
    'setosa',
    'Zürich',
  ]);
  expect(classLabelsOf(modelOf({ name: 'classlabels_ints', ints: [3, -1] }))).toEqual(['3', '-1']);
  const twice = [
    { name: 'classlabels_int64s', ints: [0, 1] },
    { name: 'classlabels_ints', ints: [0, 1] },
  ];
  expect(classLabelsOf(modelOf(...twice))).toEqual(['0', '1']);
});

test('nodes that differ, list one class, or none, tell nothing', () => {
  const lists = [
    { name: 'classlabels_ints', ints: [0, 1] },
    { name: 'classlabels_ints', ints: [1, 0] },
  ];
  expect(classLabelsOf(modelOf(...lists))).toBeNull();
  expect(classLabelsOf(modelOf({ name: 'classlabels_ints', ints: [1] }))).toBeNull();
  expect(classLabelsOf(modelOf({ name: 'nodes_treeids', ints: [0, 1] }))).toBeNull();
});
