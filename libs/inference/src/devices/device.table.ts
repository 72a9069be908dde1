/** What each device is to ONNX Runtime, and how Facelane uses it. The table of all devices. */
export const DEVICES = {
  cpu: { provider: 'cpu', executes: 'CPUExecutionProvider', kind: 'cpu' },
  cuda: { provider: 'cuda', executes: 'CUDAExecutionProvider', kind: 'gpu' },
  tensorrt: { provider: 'tensorrt', executes: 'TensorrtExecutionProvider', kind: 'gpu' },
  webgpu: { provider: 'webgpu', executes: 'WebGpuExecutionProvider', kind: 'gpu' },
  coreml: { provider: 'coreml', executes: 'CoreMLExecutionProvider', kind: 'gpu' },
  dml: { provider: 'dml', executes: 'DmlExecutionProvider', kind: 'gpu' },
} as const satisfies Record<string, DeviceFacts>;

interface DeviceFacts {
  /** Name in a session's `executionProviders`. */
  readonly provider: string;
  /** Name under which ONNX Runtime reports the nodes that it ran there. */
  readonly executes: string;
  readonly kind: 'cpu' | 'gpu';
}

export type Device = keyof typeof DEVICES;

export const DEVICE_NAMES = Object.keys(DEVICES) as readonly Device[];

export interface DeviceDefaults {
  readonly threads: number;
  readonly maxBatch: number;
  readonly maxWaitMs: number;
}

/**
 * CPU: one session thread per worker thread scales with the cores. A batch costs as much as its parts (mobilefacenet-512, per
 * face: 10.5 ms alone, 10.4 ms in fours, 10.7 ms in eights) and whoever comes next waits for its end, so none are made.
 * GPU: one thread feeds it, and batches are what it is for.
 */
export function deviceDefaults(device: Device, cores: number): DeviceDefaults {
  switch (DEVICES[device].kind) {
    case 'cpu':
      return { threads: cores, maxBatch: 1, maxWaitMs: 4 };
    case 'gpu':
      return { threads: 1, maxBatch: 32, maxWaitMs: 10 };
  }
}
