/** Pixels in memory: interleaved RGB (sRGB), 3 bytes per pixel, rows from the top. The shape of vision's RgbImage. */
export interface PixelImage {
  readonly width: number;
  readonly height: number;
  /** Owns its whole ArrayBuffer (offset 0), so that the buffer can be transferred to a worker thread. */
  readonly data: Uint8Array<ArrayBuffer>;
}

/** What a caller may pass in: any RGB pixels, whoever owns the buffer. */
export interface PixelSource {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** Pixels of the image as displayed, origin top left; may reach past the edges. */
export interface PixelBox {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}
