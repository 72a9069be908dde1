import { describe, expect, it } from 'vitest';
import { reasonIn } from './runtime.reason.js';

describe('a reason of ONNX Runtime', () => {
  it('is one line without the place in its source', () => {
    const message =
      '/onnxruntime_src/core/webgpu_context.cc:136 onnxruntime::Initialize()::<lambda()> adapter.status == Success was false. ' +
      'Failed to get a WebGPU adapter: No supported adapters\n\nmore';
    expect(reasonIn(message)).toBe('Failed to get a WebGPU adapter: No supported adapters');
    expect(reasonIn('Failed to load shared library.')).toBe('Failed to load shared library');
  });
});
