import type { VerdictName } from '../../core/verdict.ts';

/** When each verdict is given, for the method page: quality is decided by its interval, speed by tests over processes. */
export const verdictGlossary = {
  quality: {
    improved: 'The whole interval of the loss lies on the side of a gain.',
    pass: 'If anything is lost, it is within the margin: so is the whole interval.',
    regressed:
      'The whole interval lies beyond the margin, or all of it is a loss and the estimate lies beyond the margin.',
    inconclusive:
      'None of these: the interval reaches to both sides of the margin. The record says how many samples would decide.',
  },
  speed: {
    improved:
      'It is proven to be faster, and the estimate is nearer to a gain as large as the margin than to no change.',
    pass: 'A slowdown as large as the margin is ruled out, and the estimate is nearer to no change than to it.',
    regressed: 'It is proven to be slower, and the estimate is nearer to the margin than to no change.',
    inconclusive:
      'None of these is proven. The record says which slowdown would have shown, and how many processes it would take.',
  },
} as const satisfies Record<'quality' | 'speed', Record<VerdictName, string>>;
