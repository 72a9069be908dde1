/** Ends of the names of photos in the formats that are read, in lower case. */
export const PHOTO_EXTENSIONS = ['.jpg', '.jpeg', '.png', '.webp', '.avif', '.tif', '.tiff', '.gif'] as const;

/** Whether a key or file name is a photo's by its extension, in either case. `photos/.jpg` has a name and no extension. */
export function isPhotoName(name: string): boolean {
  const file = name.slice(name.lastIndexOf('/') + 1).toLowerCase();
  return PHOTO_EXTENSIONS.some((extension) => file.length > extension.length && file.endsWith(extension));
}
