import type { Tensor } from '../core/tensor.ts';
import type { RowSource } from './row-source.ts';
import type { Rows } from './rows.ts';

/** Turns rows into an input tensor with what it learnt from the training rows. */
export type Encoder = (rows: Rows) => Tensor;

/** An input that is made of cells. */
export interface CellInput {
  /** Throws where a cell cannot be read; the rows are of one block. */
  check: (rows: Rows) => void;
  /** An encoder of what was learnt from the training rows, in as many passes over them as that takes. */
  fit: (trainRows: RowSource) => Promise<Encoder>;
}
