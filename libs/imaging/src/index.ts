export {
  type AnnotateOptions,
  type Annotation,
  type AnnotationTone,
  annotatePhoto,
} from './annotate/annotate-photo.js';
export { type DecodeOptions, type DecodedImage, decodeImage } from './decode-image.js';
export { type CropJpegOptions, cropJpeg, encodeJpeg } from './encode-jpeg.js';
export type { PixelBox, PixelImage, PixelSource } from './image.js';
export {
  type ImageFormat,
  type RefusedFormat,
  type SupportedFormat,
  REFUSED_FORMATS,
  SUPPORTED_FORMATS,
  isSupportedFormat,
  sniffFormat,
} from './image-format.js';
export { type ImageLimits, type SubjectOptions, DEFAULT_IMAGE_LIMITS } from './image-limits.js';
export { type ImageFacts, inspectImage } from './inspect-image.js';
export { resizeExact } from './resize-exact.js';
