import * as z from 'zod';
import type { Codec } from './codec.ts';
import { joinNextTokens, splitNextTokens, type NextTokens } from '../next-tokens.ts';
import { floatsColumn, numberColumn, textColumn, type PredictionColumns } from './columns.ts';

const header = z.object({ vocabulary: z.int().positive().optional() });

const logProbabilities = 'next_token_log_probabilities';

/**
 * Likelihoods and texts; what is not known has no column. `other_references` is a JSON array a row, and the ln p of the next token,
 * row-major [tokens, vocabulary], are the bytes of float32 numbers.
 */
export const generationCodec: Codec<'generation'> = {
  encode: (predictions) => {
    const { utf8Bytes, floorNegativeLogLikelihood: floor, otherReferences: others, nextTokens } = predictions;
    return {
      header: { vocabulary: nextTokens?.vocabulary },
      columns: [
        numberColumn('negative_log_likelihood', predictions.negativeLogLikelihood),
        numberColumn('tokens', Float64Array.from(predictions.tokens)),
        ...(utf8Bytes === undefined ? [] : [numberColumn('utf8_bytes', Float64Array.from(utf8Bytes))]),
        ...(floor === null ? [] : [numberColumn('floor_negative_log_likelihood', floor)]),
        textColumn('generated', predictions.generated),
        textColumn('reference', predictions.references),
        ...(nextTokens === undefined
          ? []
          : [floatsColumn(logProbabilities, splitNextTokens(nextTokens, predictions.tokens))]),
        ...(others === undefined
          ? []
          : [
              textColumn(
                'other_references',
                others.map((all) => JSON.stringify(all)),
              ),
            ]),
      ],
    };
  },
  decode: (columns) => {
    const utf8Bytes = columns.optionalNumbers('utf8_bytes');
    const hasOthers = columns.optionalTexts('other_references') !== null;
    return {
      negativeLogLikelihood: columns.numbers('negative_log_likelihood'),
      tokens: Int32Array.from(columns.numbers('tokens')),
      ...(utf8Bytes === null ? {} : { utf8Bytes: Int32Array.from(utf8Bytes) }),
      floorNegativeLogLikelihood: columns.optionalNumbers('floor_negative_log_likelihood'),
      generated: columns.texts('generated'),
      references: columns.texts('reference'),
      ...(hasOthers ? { otherReferences: columns.json('other_references', z.array(z.string())) } : {}),
      ...nextTokensIn(columns),
    };
  },
};

function nextTokensIn(columns: PredictionColumns): { nextTokens?: NextTokens } {
  const { vocabulary } = columns.header(header);
  const rows = columns.optionalFloats(logProbabilities);
  if (vocabulary === undefined || rows === null) return {};
  return joinNextTokens(rows.map((row) => ({ vocabulary, logProbabilities: row ?? new Float32Array() })));
}
