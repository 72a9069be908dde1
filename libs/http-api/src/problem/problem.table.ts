/**
 * Every refusal of the API itself: its HTTP status, and what the caller should do. Failures of photos, stores and queues
 * keep their own codes (docs/errors.md). Codes are stable: callers automate on them, so one is only ever added.
 */
export const PROBLEMS = {
  'API.REQUEST_INVALID': {
    status: 400,
    title: 'The request does not fit the description',
    remedy: 'Correct the fields that `errors` names; /docs shows what each may be.',
  },
  'API.REQUEST_UNPARSABLE': {
    status: 400,
    title: 'The request cannot be read',
    remedy: 'Send JSON that is well-formed, a form with its boundary, and an address that is escaped.',
  },
  'API.KEY_MISSING': {
    status: 401,
    title: 'No API key was sent',
    remedy: 'Send `Authorization: Bearer <key>`; an administrator makes keys with POST /v1/keys.',
  },
  'API.KEY_INVALID': { status: 401, title: 'The API key is not valid', remedy: 'Check the key, or ask for a new one.' },
  'API.KEY_EXPIRED': { status: 401, title: 'The API key has expired', remedy: 'Ask for a new one.' },
  'API.KEY_REVOKED': { status: 401, title: 'The API key was revoked', remedy: 'Ask for a new one.' },
  'API.SCOPE_MISSING': {
    status: 403,
    title: 'The API key may not do this',
    remedy: 'Use a key that has one of the scopes that `detail` names.',
  },
  'API.SOURCE_NOT_ALLOWED': {
    status: 403,
    title: 'Photos of that place may not be used',
    remedy: 'Upload the photo, or ask the operator to add the bucket to API_SOURCE_BUCKETS.',
  },
  'API.UPLOAD_REFUSED': {
    status: 403,
    title: 'The upload address is not valid, or no longer',
    remedy: 'Get a new one with POST /v1/uploads and use it as it is.',
  },
  'API.NOTIFICATION_REFUSED': {
    status: 403,
    title: 'The notification is not signed by a known topic',
    remedy: 'Send an API key, or have the operator add the topic to API_SNS_TOPICS.',
  },
  'API.PERSON_SUPPRESSED': {
    status: 403,
    title: 'The person was erased with a guard against coming back',
    remedy: 'Leave it at that; an erasure with `suppress` is meant to last.',
  },
  'API.ROUTE_MISSING': { status: 404, title: 'There is no such address', remedy: 'See /docs for the addresses.' },
  'API.COLLECTION_MISSING': {
    status: 404,
    title: 'There is no such collection',
    remedy: 'Create it with POST /v1/collections, or correct its id.',
  },
  'API.ASSET_MISSING': { status: 404, title: 'There is no such asset', remedy: 'Check the id.' },
  'API.JOB_MISSING': { status: 404, title: 'There is no such job', remedy: 'List the jobs for their ids.' },
  'API.FACE_MISSING': { status: 404, title: 'There is no such face', remedy: 'Take the id from a result document.' },
  'API.PERSON_MISSING': { status: 404, title: 'There is no such person', remedy: 'Check the id and the collection.' },
  'API.REFERENCE_MISSING': {
    status: 404,
    title: 'The person has no such reference face',
    remedy: 'List the reference faces for their ids.',
  },
  'API.RECEIPT_MISSING': { status: 404, title: 'There is no such receipt', remedy: 'Check the id.' },
  'API.KEY_UNKNOWN': { status: 404, title: 'There is no such key', remedy: 'List the keys for their ids.' },
  'API.WEBHOOK_MISSING': {
    status: 404,
    title: 'There is no such webhook endpoint',
    remedy: 'List the webhook endpoints for their ids.',
  },
  'API.EVENT_MISSING': {
    status: 404,
    title: 'The log has no such event',
    remedy: 'Check the id; events are kept for a while only.',
  },
  'API.CONSUMER_MISSING': {
    status: 404,
    title: 'There is no such consumer',
    remedy: 'List the consumers for their names; one is there once it has committed a cursor.',
  },
  'API.REQUEST_TIMEOUT': {
    status: 408,
    title: 'The request did not arrive in time',
    remedy: 'Send it again over a faster connection, or presign an upload with POST /v1/uploads.',
  },
  'API.COLLECTION_EXISTS': {
    status: 409,
    title: 'The collection exists already',
    remedy: 'Use it as it is, or choose another id.',
  },
  'API.CONTRACT_MISMATCH': {
    status: 409,
    title: 'The collection has another model contract',
    remedy: 'Vectors of two contracts do not compare: use the contract that the collection was made with.',
  },
  'API.PERSON_EXISTS': {
    status: 409,
    title: 'A person with this externalId exists already',
    remedy: 'Use that person; `detail` names the id.',
  },
  'API.PERSON_MERGED': {
    status: 409,
    title: 'The person was merged into another one',
    remedy: 'Use the other person, or undo the merge.',
  },
  'API.NO_REFERENCE': {
    status: 409,
    title: 'The person has no reference face',
    remedy: 'Enrol a photo of the person first.',
  },
  'API.MERGE_REFUSED': { status: 409, title: 'These people cannot be merged', remedy: 'See `detail` for the reason.' },
  'API.ASSET_UNFINISHED': {
    status: 409,
    title: 'The asset is not done',
    remedy: 'Ask for the asset until its state is done, then again.',
  },
  'API.JOB_ENDED': {
    status: 409,
    title: 'The job has ended',
    remedy: 'Leave it at that; what failed in it may be tried again with POST /v1/jobs/{job}/retry.',
  },
  'API.JOB_UNFINISHED': {
    status: 409,
    title: 'The job has not ended',
    remedy: 'Wait for its end, or cancel it first.',
  },
  'API.JOB_NOTHING_FAILED': {
    status: 409,
    title: 'No item of the job failed so',
    remedy: 'Look at `failures` of the job for the codes that there are.',
  },
  'API.WEBHOOKS_FULL': {
    status: 409,
    title: 'There are as many webhook endpoints as there may be',
    remedy: 'Delete one that is not needed, or widen the filter of another one.',
  },
  'API.WEBHOOK_SECRETS_FULL': {
    status: 409,
    title: 'As many secrets sign at once as may',
    remedy: 'Wait until one expires (`secrets` of the endpoint says when), or rotate with `overlapHours: 0`.',
  },
  'API.WEBHOOK_DISABLED': {
    status: 409,
    title: 'The webhook endpoint is disabled',
    remedy: 'Enable it first: PATCH with `state: "enabled"`.',
  },
  'API.IDEMPOTENCY_RUNNING': {
    status: 409,
    title: 'A request with this Idempotency-Key is under way',
    remedy: 'Send it again in a moment; it is answered from the first one.',
  },
  'API.TOO_LARGE': {
    status: 413,
    title: 'The body is too large',
    remedy: 'Send a smaller photo, fewer photos at once, or presign an upload with POST /v1/uploads.',
  },
  'API.TYPE_UNSUPPORTED': {
    status: 415,
    title: 'Bodies of this content type are not read here',
    remedy: 'Send application/json or multipart/form-data.',
  },
  'API.IDEMPOTENCY_CONFLICT': {
    status: 422,
    title: 'The Idempotency-Key was used for another request',
    remedy: 'Choose a new key for every new request.',
  },
  'API.THRESHOLD_UNKNOWN': {
    status: 422,
    title: 'No threshold is known for that false match rate',
    remedy: 'Choose a rate within the range that `detail` names, or state a cosine.',
  },
  'API.WEBHOOK_URL_REFUSED': {
    status: 422,
    title: 'Nothing is sent to that address',
    remedy:
      'Name an https address on a public host, or ask the operator to allow it: WEBHOOK_URL_ALLOW, WEBHOOK_URL_HTTP.',
  },
  'API.REPLAY_TOO_MANY': {
    status: 422,
    title: 'That would be too many deliveries at once',
    remedy: 'Name a shorter time, and go on with the next when those have arrived.',
  },
  'API.NO_FACE': {
    status: 422,
    title: 'No face was found in the photo',
    remedy: 'Send a photo in which the face is larger or sharper.',
  },
  'API.RATE_LIMITED': {
    status: 429,
    title: 'Too many requests with this key',
    remedy: 'Wait as long as Retry-After says.',
  },
  'API.STREAMS_FULL': {
    status: 429,
    title: 'This key holds as many streams open as it may',
    remedy: 'End one that is not needed, or use another key for another program.',
  },
  'API.DEFECT': {
    status: 500,
    title: 'Something went wrong on our side',
    remedy: 'Report it with the request id; nothing was half done that a second try would spoil.',
  },
  'API.UNAVAILABLE': {
    status: 503,
    title: 'A server behind the API does not answer',
    remedy: 'Send the request again in a few seconds.',
  },
} as const satisfies Record<string, { status: number; title: string; remedy: string }>;

export type ProblemCode = keyof typeof PROBLEMS;
