export { detectionInput, requireModels, samplePhoto, type TestModels } from './models.js';
export { startRedis, type TestRedis } from './redis.js';
export { startS3Server, type S3Server } from './s3-server.js';
