import { runProgram } from '@facelane/boot';
import { startHttp } from '@facelane/http-api';
import { ApiModule } from './api.module.js';

await runProgram((options) => startHttp(ApiModule, options));
