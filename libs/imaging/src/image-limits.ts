export interface ImageLimits {
  /** Largest file, bytes. Default 50 MiB. */
  readonly maxBytes: number;
  /** Largest width × height that the header may announce; checked before any pixel is decoded. Default 100 million. */
  readonly maxPixels: number;
  /** Long side of the working image, pixels; larger photos are scaled down while decoding. Default 2048. */
  readonly maxSide: number;
}

export const DEFAULT_IMAGE_LIMITS: ImageLimits = Object.freeze({
  maxBytes: 50 * 1024 * 1024,
  maxPixels: 100_000_000,
  maxSide: 2048,
});

export interface SubjectOptions {
  /** What messages call the photo: a file name or key. Default `image`. */
  readonly subject?: string;
}
