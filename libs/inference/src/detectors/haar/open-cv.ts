import { createRequire } from 'node:module';

/** What of OpenCV in WebAssembly is used here; whatever is made with `new` is freed with `delete`. */
export interface OpenCv {
  readonly CV_8UC1: number;
  readonly Mat: new (rows: number, columns: number, type: number) => Freed & { readonly data: Uint8Array };
  readonly Size: new (width: number, height: number) => object;
  readonly RectVector: new () => Freed & Vector<{ x: number; y: number; width: number; height: number }>;
  readonly IntVector: new () => Freed & Vector<number>;
  readonly CascadeClassifier: new () => Freed & {
    load(path: string): boolean;
    detectMultiScale2(...args: unknown[]): void;
  };
  FS_createDataFile(folder: string, name: string, data: Uint8Array, read: boolean, write: boolean, own: boolean): void;
  FS_unlink(path: string): void;
  onRuntimeInitialized?: () => void;
}

interface Freed {
  delete(): void;
}

interface Vector<T> {
  size(): number;
  get(at: number): T;
}

let loaded: Promise<OpenCv> | undefined;

/** OpenCV, 11 MB and a quarter of a second the first time: in threads that have a cascade only. */
export function openCv(): Promise<OpenCv> {
  loaded ??= load();
  return loaded;
}

async function load(): Promise<OpenCv> {
  // A script, not a module: imported, some hosts hand out a copy that never hears that it is ready.
  const module = createRequire(import.meta.url)('@techstark/opencv-js') as OpenCv;
  if (typeof module.Mat !== 'function') {
    await new Promise<void>((resolve) => {
      module.onRuntimeInitialized = resolve;
    });
  }
  // It is thenable without being a promise: awaited as it is, it would be asked for itself again and again.
  return Object.assign(Object.create(module) as OpenCv, { then: undefined });
}
