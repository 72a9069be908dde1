export { EIGENFACES_INPUT, EIGENFACES_SIDE } from './eigenfaces/eigenfaces.network.js';
export { type EigenfacesOptions, trainEigenfaces, type TrainedEigenfaces } from './eigenfaces/train-eigenfaces.js';
