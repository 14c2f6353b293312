/** What a score counts as where its denominator is 0; `nan` leaves it out of the mean (scikit-learn `zero_division`). */
export type ZeroDivision = '0' | '1' | 'nan';

/** In words, behind what has a denominator of 0. */
export function divisionInWords(zeroDivision: ZeroDivision): string {
  return zeroDivision === 'nan' ? 'takes no part' : `counts as ${zeroDivision}`;
}
