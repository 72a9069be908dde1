export { photosOf, readLfwLists, type LfwLists } from './lfw.dataset.js';
export { developmentReport, type LfwReport, tenFoldReport, type Vectors } from './lfw.protocol.js';
export { mainFace } from './main-face.js';
