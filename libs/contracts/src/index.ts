export * from './documents/index.js';
export * from './errors/index.js';
export * from './events/index.js';
export * from './ids/index.js';
export * from './pipeline/index.js';
export * from './stage/index.js';
