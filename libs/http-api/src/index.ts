export { API_VERSION, buildOpenApi, type OpenApiDocument } from './openapi/build-openapi.js';
