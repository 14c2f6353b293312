import type { Recipe } from './recipe.ts';
import { carsMlp } from './recipes/cars-mlp.ts';
import { digitsCnn } from './recipes/digits-cnn.ts';
import { grammarTransformer } from './recipes/grammar-transformer.ts';
import { tumoursMlp } from './recipes/tumours-mlp.ts';

/** How each reference model of the catalog is made. */
export const recipes: readonly Recipe[] = [carsMlp, tumoursMlp, digitsCnn, grammarTransformer];
