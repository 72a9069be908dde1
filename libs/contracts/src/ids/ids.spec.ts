import { describe, expect, it } from 'vitest';
import { assetIdOf } from './ids.js';
import { keys } from './keys.js';
import { uuidSchema } from './names.schema.js';
import { uuidV5 } from './uuid-v5.js';

describe('uuidV5', () => {
  it('is a version 5 UUID and a pure function of its parts', () => {
    const id = uuidV5('a', 'b');
    expect(uuidSchema.parse(id)[14]).toBe('5');
    expect(uuidV5('a', 'b')).toBe(id);
  });

  it('keeps parts apart', () => {
    expect(uuidV5('ab', 'c')).not.toBe(uuidV5('a', 'bc'));
    expect(uuidV5('a', '')).not.toBe(uuidV5('a'));
  });

  it('never changes: stored data is filed under these ids', () => {
    expect(assetIdOf('default', 'main', 's3://photos/1.jpg')).toBe('d4846d85-da92-518f-b757-6e02ab435ad6');
  });
});

describe('keys', () => {
  it('keeps tenants and collections apart', () => {
    expect(keys.result('t', 'c', 'x')).toBe('tenants/t/collections/c/results/x.json');
    expect(keys.photo('t', 'ab'.repeat(32))).toBe(`tenants/t/photos/ab/${'ab'.repeat(32)}`);
  });
});
