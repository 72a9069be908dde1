export { photosOf, readLfwLists, type LfwLists } from './lfw.dataset.js';
export { developmentReport, type LfwReport, tenFoldReport, type Vectors } from './lfw.protocol.js';
export { mainFace } from './main-face.js';
export { readWiderLabels, type WiderPhoto, type WiderSetting, WIDER_SETTINGS } from './wider.dataset.js';
export { type WiderReport, widerReport } from './wider.protocol.js';
