export { localSecret } from './access/local.secret.js';
export { HttpApiModule } from './http-api.module.js';
export { API_VERSION, buildOpenApi, type OpenApiDocument } from './openapi/build-openapi.js';
export { type RunningHttp, startHttp } from './server/start-http.js';
