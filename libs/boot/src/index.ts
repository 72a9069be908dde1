export { BOOT_EXIT_CODES, describeFailure, type BootFailure } from './boot-failure.js';
export { LeaseExclusion } from './lease.exclusion.js';
export { OpenResources } from './open.resources.js';
export { PortsModule } from './ports.module.js';
export { RuntimeOptions } from './runtime.options.js';
export { runProgram, type RunningProgram } from './run-program.js';
export { startApp, type AppFactory } from './start-app.js';
export { openFaceIndex, openObjectStore } from './stores.js';
