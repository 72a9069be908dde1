/** Statuses whose responses have no body; `Response` refuses to be given one. */
const WITHOUT_BODY = [101, 204, 205, 304];

/** Reads the body before anybody looks at the response, so that a connection which breaks within it is no answer. */
export async function readWhole(response: Response): Promise<Response> {
  const { status, statusText, headers } = response;
  const bytes = await response.arrayBuffer();
  return new Response(WITHOUT_BODY.includes(status) ? null : bytes, { status, statusText, headers });
}
