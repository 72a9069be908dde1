export { compiledFile } from './compiled-file.js';
