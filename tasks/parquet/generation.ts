import { z } from 'zod';
import type { Codec } from './codec.ts';
import { numberColumn, textColumn } from './columns.ts';

/** Likelihoods and texts; what is not known has no column. `other_references` is a JSON array a row. */
export const generationCodec: Codec<'generation'> = {
  encode: (predictions) => {
    const { utf8Bytes, floorNegativeLogLikelihood: floor, otherReferences: others } = predictions;
    return {
      header: {},
      columns: [
        numberColumn('negative_log_likelihood', predictions.negativeLogLikelihood),
        numberColumn('tokens', Float64Array.from(predictions.tokens)),
        ...(utf8Bytes === undefined ? [] : [numberColumn('utf8_bytes', Float64Array.from(utf8Bytes))]),
        ...(floor === null ? [] : [numberColumn('floor_negative_log_likelihood', floor)]),
        textColumn('generated', predictions.generated),
        textColumn('reference', predictions.references),
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
    };
  },
};
