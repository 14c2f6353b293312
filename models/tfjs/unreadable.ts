import { messageOf } from '../../core/errors.ts';
import { kindOf, type TfjsModel } from './model.ts';

/** What TF.js says of layers as Keras 3 writes them, and of those of Keras 2 that it lacks, in part or whole. */
const aboutLayers =
  /batchInputShape|reset_after|are invalid for|^Unknown (?:layer|activation|initializer|regularizer|constraint)/;

const asGraph =
  'TF.js has the layers of Keras 2, and not all of their options; a graph model has none: export a SavedModel, then tensorflowjs_converter --input_format=tf_saved_model --output_format=tfjs_graph_model';

/** What is said of a model that TF.js does not build. */
export function unreadable({ file }: TfjsModel, cause: unknown): string {
  const reason = messageOf(cause);
  const message = `TF.js cannot read the model: ${reason}`;
  if (kindOf(file) === 'graph-model' || !aboutLayers.test(reason)) return message;
  return `${message.replace(/\.$/, '')}. ${asGraph}`;
}
