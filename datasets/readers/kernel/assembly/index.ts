export { lineEnds, scanLines } from './lines';
