export { EIGENFACES_INPUT, EIGENFACES_SIDE } from './eigenfaces/eigenfaces.network.js';
export { type EigenfacesOptions, trainEigenfaces, type TrainedEigenfaces } from './eigenfaces/train-eigenfaces.js';
export type { LabelledPairs } from './siamese/pair-head.js';
export { trainSiamese, type TrainedSiamese } from './siamese/train-siamese.js';
