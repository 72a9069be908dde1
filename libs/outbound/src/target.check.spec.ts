import { describe, expect, it } from 'vitest';
import { TargetCheck } from './target.check.js';

const HOSTS: Readonly<Record<string, readonly string[]>> = {
  'hooks.example': ['93.184.215.14', '2606:4700::1111'],
  'half.example': ['93.184.215.14', '10.0.0.1'],
  'mine.example': ['10.20.0.1'],
};
const resolve = (host: string): Promise<readonly string[]> => Promise.resolve(HOSTS[host] ?? []);
const strict = new TargetCheck({ resolve });

describe('a URL to send events to', () => {
  it.each([
    'https://hooks.example/facelane?key=1',
    'https://hooks.example.:8443/',
    'https://93.184.215.14/',
    'https://[2606:4700::1111]/',
    'https://nobody-knows.example/',
  ])('passes when it is public, or not known: %s', async (url) => {
    await expect(strict.require(url)).resolves.toBeUndefined();
  });

  it.each([
    ['https://10.0.0.1/', 'is not on a public host'],
    ['https://127.1/', 'is not on a public host'],
    ['https://[::1]/', 'is not on a public host'],
    ['https://169.254.169.254/latest', 'is not on a public host'],
    ['https://localhost/', 'is not on a public host'],
    ['https://LOCALHOST./', 'is not on a public host'],
    ['https://hooks.localhost:3000/', 'is not on a public host'],
    ['https://mine.example/', 'is not on a public host'],
    ['https://half.example/', 'is not on a public host'],
    ['http://hooks.example/', 'uses http where https is required'],
    ['https://ann:hunter2@hooks.example/', 'carries a user name or a password'],
    ['ftp://hooks.example/', 'is no web address'],
  ])('is refused: %s %s', async (url, message) => {
    await expect(strict.require(url)).rejects.toMatchObject({ name: 'ForbiddenTargetError', message });
  });

  it('may be what the operator allows', async () => {
    const open = new TargetCheck({ resolve, allowHttp: true, allow: ['localhost', '10.20.0.0/16'] });
    for (const url of ['http://localhost:3000/', 'https://mine.example/', 'http://hooks.example/']) {
      await expect(open.require(url)).resolves.toBeUndefined();
    }
    await expect(open.require('https://half.example/')).rejects.toThrow('public');
    await expect(open.require('https://169.254.169.254/')).rejects.toThrow('public');
  });
});
