export { detectionInput, requireModels, samplePhoto, type TestModels } from './models.js';
export { startS3Server, type S3Server } from './s3-server.js';
