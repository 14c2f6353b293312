import * as z from 'zod';
import type { Codec } from './codec.ts';
import type { KeptPositions, NextTokens } from '../next-tokens.ts';
import { bytesColumn, numberColumn, textColumn, type PredictionColumns } from './columns.ts';

const header = z.object({ vocabulary: z.int().positive().optional() });

const logProbabilitiesName = 'next_token_log_probabilities';
const positionsName = 'next_token_positions';

/**
 * Likelihoods and texts; what is not known has no column. `other_references` is a JSON array a row, and the ln p of the next token,
 * row-major [positions, vocabulary], are the bytes of float32 numbers, the positions those of int32 numbers.
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
          : [
              bytesColumn(
                positionsName,
                nextTokens.samples.map((sample) => sample?.positions ?? null),
              ),
              bytesColumn(
                logProbabilitiesName,
                nextTokens.samples.map((sample) => sample?.logProbabilities ?? null),
              ),
            ]),
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
  const rows = columns.optionalBytes(logProbabilitiesName);
  if (vocabulary === undefined || rows === null) return {};
  const positions = columns.optionalBytes(positionsName);
  const samples = rows.map((row, sample) =>
    row === null ? null : keptIn(row, positions?.[sample] ?? null, vocabulary),
  );
  return { nextTokens: { vocabulary, samples } };
}

/** Files from before positions were told hold the first ones, of a sample as many as it has. */
function keptIn(row: Uint8Array, places: Uint8Array | null, vocabulary: number): KeptPositions {
  const logProbabilities = new Float32Array(ownBytes(row));
  const kept = logProbabilities.length / vocabulary;
  const positions = places === null ? firstPlaces(kept) : new Int32Array(ownBytes(places));
  if (positions.length !== kept)
    throw new Error(`${positions.length} positions with ${logProbabilities.length} numbers`);
  if (positions.some((position, nth) => position <= (positions[nth - 1] ?? -1)))
    throw new Error(`positions that do not ascend: ${positions.join(', ')}`);
  return { positions, logProbabilities };
}

function firstPlaces(count: number): Int32Array {
  return Int32Array.from({ length: count }, (_, place) => place);
}

/** A copy: numbers begin at a multiple of their size, and the page that they were read from need not be kept. */
function ownBytes(bytes: Uint8Array): ArrayBuffer {
  return new Uint8Array(bytes).buffer;
}
