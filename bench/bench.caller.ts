/** A caller of the API under measurement. */
export class BenchCaller {
  constructor(
    private readonly address: string,
    private readonly key: string,
  ) {}

  async json(method: string, path: string, body?: unknown): Promise<unknown> {
    return this.send(method, path, {
      ...(body !== undefined && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
    });
  }

  /** A multipart form with one photo and some fields. */
  async form(
    path: string,
    photo: string,
    bytes: Uint8Array,
    fields: Readonly<Record<string, string>>,
  ): Promise<unknown> {
    const form = new FormData();
    for (const [name, value] of Object.entries(fields)) form.set(name, value);
    form.set(photo, new Blob([new Uint8Array(bytes)]), 'photo.jpg');
    return this.send('POST', path, { body: form });
  }

  private async send(method: string, path: string, init: RequestInit): Promise<unknown> {
    const headers = { ...(init.headers as Record<string, string>), authorization: `Bearer ${this.key}` };
    const answer = await fetch(`${this.address}${path}`, { ...init, method, headers });
    if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${await answer.text()}`);
    return answer.json();
  }
}
