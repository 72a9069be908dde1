import { describe, expect, it } from 'vitest';
import { sourceName, sourceSchema, sourceText, urlName } from './source.schema.js';

const SIGNED = 'https://ann:hunter2@cdn.example:8443/a/b.jpg?signature=s3cret#part';

describe('a photo by URL', () => {
  it('has its id from the whole URL, and its name from what is no secret', () => {
    const source = sourceSchema.parse({ kind: 'url', url: SIGNED });
    expect(sourceText(source)).toBe(SIGNED);
    expect(sourceName(source)).toBe('https://cdn.example:8443/a/b.jpg');
  });

  it('is http or https, and no longer than 2048 characters', () => {
    const fits = (url: string): boolean => sourceSchema.safeParse({ kind: 'url', url }).success;
    expect(fits('http://cdn.example/a.jpg')).toBe(true);
    expect(fits(`https://cdn.example/${'a'.repeat(2048 - 'https://cdn.example/'.length)}`)).toBe(true);
    expect(fits(`https://cdn.example/${'a'.repeat(2048)}`)).toBe(false);
    expect(fits('ftp://cdn.example/a.jpg')).toBe(false);
    expect(fits('data:image/png;base64,AAAA')).toBe(false);
    expect(fits('a.jpg')).toBe(false);
  });

  it('has a name even when it cannot be read', () => {
    expect(urlName('https://:secret')).toBe('a URL that cannot be read');
  });
});

describe('names of other sources', () => {
  it('are what their owner would type', () => {
    expect(sourceName({ kind: 'file', path: '/photos/1.jpg' })).toBe('/photos/1.jpg');
    expect(sourceName({ kind: 'object', bucket: 'photos', key: '1.jpg' })).toBe('s3://photos/1.jpg');
    expect(sourceText({ kind: 'file', path: '/photos/1.jpg' })).toBe('file:///photos/1.jpg');
  });
});
