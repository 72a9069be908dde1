export { DetectHandler } from './detect/detect.handler.js';
export { PhotoAnalyser, type PhotoAnalysis } from './photo.analyser.js';
export { EmbedHandler } from './embed/embed.handler.js';
export { FailureRecorder, type FinalFailure } from './failure.recorder.js';
export { IngestHandler } from './ingest/ingest.handler.js';
export { SourceReader, type SourceReaderOptions } from './source.reader.js';
export { MatchHandler } from './match/match.handler.js';
export { PhotoEmbedder, type EmbeddedPhoto } from './photo.embedder.js';
