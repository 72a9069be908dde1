import { faceApiResnet } from './face-api-resnet.recipe.js';
import { mtcnnOutput, mtcnnProposal, mtcnnRefinement } from './mtcnn.recipe.js';
import type { Recipe } from './recipe.js';

/** Every recipe by the name that a source of `build:<name>` gives. */
export const RECIPES: Readonly<Record<string, Recipe>> = {
  'face-api-resnet': faceApiResnet,
  'mtcnn-proposal': mtcnnProposal,
  'mtcnn-refinement': mtcnnRefinement,
  'mtcnn-output': mtcnnOutput,
};
