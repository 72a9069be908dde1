/**
 * Every code a stage may fail with: whether a retry can help by default, and what the reader should do.
 *
 * Codes are `<ROOM>.<WHAT>` and stable: consumers automate on them, so a code is never renamed, only added.
 * `retry: 'never'` sends the job to the dead letters at once; `backoff` follows the stage's retry policy.
 */
export const ERROR_CODES = {
  'INGEST.SOURCE_MISSING': {
    retry: 'never',
    remedy: 'Check that the key, file or URL exists and is spelled exactly as stored, then submit it again.',
  },
  'INGEST.SOURCE_DENIED': {
    retry: 'never',
    remedy:
      'Allow the worker to read it (its S3 credentials, its user for a file, a URL that needs no login), then submit it again.',
  },
  'INGEST.SOURCE_NOT_ALLOWED': {
    retry: 'never',
    remedy: 'File sources work only below the folders named in SOURCE_FILE_ROOTS; upload the photo instead.',
  },
  'INGEST.URL_NOT_ALLOWED': {
    retry: 'never',
    remedy:
      'Submit an https URL that leads to the photo itself on a public host; an operator may allow hosts with SOURCE_URL_ALLOW, and plain http with SOURCE_URL_HTTP.',
  },
  'INGEST.URL_UNREACHABLE': {
    retry: 'backoff',
    remedy: 'Check that the URL answers from where the worker runs; it is tried again by itself.',
  },
  'INGEST.EMPTY': { retry: 'never', remedy: 'The file has no bytes; replace it with the original photo.' },
  'INGEST.TOO_LARGE': {
    retry: 'never',
    remedy: 'Send a smaller file, or raise IMAGING_MAX_BYTES if files of this size are expected.',
  },
  'INGEST.NOT_AN_IMAGE': {
    retry: 'never',
    remedy: 'Supported formats are JPEG, PNG, WebP, AVIF, TIFF and GIF; convert the file to one of them.',
  },
  'INGEST.TOO_MANY_PIXELS': {
    retry: 'never',
    remedy: 'Scale the photo down, or raise IMAGING_MAX_PIXELS if photos of this size are expected.',
  },
  'DETECT.IMAGE_UNREADABLE': {
    retry: 'never',
    remedy: 'The file is damaged or cut short; replace it with an intact copy.',
  },
  'DETECT.PHOTO_CHANGED': {
    retry: 'never',
    remedy: 'Submit the asset again; the photo that lies under its key now is worked on then.',
  },
  'INFERENCE.MODEL_MISSING': {
    retry: 'backoff',
    remedy: 'Run `npm run models -- pull` on the worker, then retry the dead letters.',
  },
  'INFERENCE.MODEL_CORRUPT': {
    retry: 'backoff',
    remedy:
      'Run `npm run models -- verify`, delete the file it names, and run `npm run models -- pull`. If the file is intact, ' +
      'its manifest entry is wrong: compare decoder, input and outputs with models/README.md.',
  },
  'INFERENCE.DEVICE_MISSING': {
    retry: 'backoff',
    remedy: 'Choose a device this machine has with INFERENCE_DEVICE, or install its provider.',
  },
  'INFERENCE.FAILED': {
    retry: 'backoff',
    remedy: 'Retry; if it fails again for the same asset only, report the photo and the model contract.',
  },
  'INFERENCE.CONTRACT_MISMATCH': {
    retry: 'backoff',
    remedy:
      'Start workers with the model contract of the job (MODELS_CONTRACT), or submit the asset again with theirs.',
  },
  'INFERENCE.SELF_TEST_FAILED': {
    retry: 'backoff',
    remedy: 'Do not use this device with this model: choose another with INFERENCE_DEVICE, or update its driver.',
  },
  'INFERENCE.OVERLOADED': {
    retry: 'backoff',
    remedy: 'Lower the concurrency of this worker or add workers; the job is tried again by itself.',
  },
  'EMBED.CROPS_UNREADABLE': {
    retry: 'backoff',
    remedy: 'Submit the asset again so that its crops are made afresh.',
  },
  'MATCH.EMBEDDINGS_UNREADABLE': {
    retry: 'backoff',
    remedy: 'Submit the asset again so that its embeddings are made afresh.',
  },
  'MATCH.COLLECTION_MISSING': {
    retry: 'never',
    remedy: 'Create the collection first, or correct its name.',
  },
  'MATCH.CONTRACT_MISMATCH': {
    retry: 'never',
    remedy:
      'Set MODELS_CONTRACT to the contract with that id (`facelane models contracts` lists them), or use another collection: vectors of two contracts do not compare.',
  },
  'GALLERY.PERSON_MISSING': { retry: 'never', remedy: 'The person was deleted; name another one.' },
  'GALLERY.PERSON_MERGED': {
    retry: 'never',
    remedy: 'Name the person that this one was merged into, or undo the merge first.',
  },
  'GALLERY.MERGE_REFUSED': {
    retry: 'never',
    remedy: 'Merge two different people of one collection; a merge is undone with the two that were merged.',
  },
  'GALLERY.TOO_MANY': {
    retry: 'never',
    remedy: 'Delete reference faces that the person can do without, or make another person.',
  },
  'GALLERY.ERASURE_UNFINISHED': {
    retry: 'backoff',
    remedy: 'Stop enrolling the person, then erase again; what was removed stays removed.',
  },
  'BULK.LINE_INVALID': {
    retry: 'never',
    remedy:
      'Correct the line: JSON with key (and bucket) or url, externalId and tags, or as many CSV fields as the header has; then submit what failed.',
  },
  'BULK.LINE_TOO_LONG': {
    retry: 'never',
    remedy: 'A line of a manifest may have 64 KiB; shorten it, or look for a quote or a line end that is missing.',
  },
  'BULK.SOURCE_NOT_ALLOWED': {
    retry: 'never',
    remedy: 'Name objects in buckets that this tenant may read, or ask an operator to allow the bucket.',
  },
  'BULK.MANIFEST_MISSING': {
    retry: 'never',
    remedy: 'Check bucket and key of the manifest, then submit the job again.',
  },
  'BULK.MANIFEST_UNREADABLE': {
    retry: 'never',
    remedy:
      'Write the manifest again as JSONL, or as CSV with a header of key or url, bucket, externalId and tags, in UTF-8, plain or gzip; then submit the job again.',
  },
  'BULK.MANIFEST_CHANGED': {
    retry: 'never',
    remedy:
      'Leave a manifest as it is while its job runs; submit a job for the new one, done photos are not done again.',
  },
  'BULK.CURSOR_INVALID': {
    retry: 'never',
    remedy: 'The progress was written by another version or by hand; submit the job again.',
  },
  'EVENTS.CURSOR_EXPIRED': {
    retry: 'never',
    remedy:
      'Events behind the cursor are no longer kept: go on from the oldest that are (read without a cursor), or have those of a time made again from the results with `facelane events rebuild --since`, then read from the oldest.',
  },
  'EVENTS.CONSUMERS_FULL': {
    retry: 'never',
    remedy:
      'Delete a consumer that reads no more (DELETE /v1/events/consumers/{consumer}), or read by cursors of your own.',
  },
  'EVENTS.CURSOR_INVALID': {
    retry: 'never',
    remedy: 'Hand back a cursor exactly as a page or an event of this tenant gave it, or read without one.',
  },
  'EVENTS.NOT_TAKEN': {
    retry: 'backoff',
    remedy: 'Let the webhook endpoint answer with a status of 2xx once it has the event; it is tried again by itself.',
  },
  'EVENTS.REDIRECTED': {
    retry: 'backoff',
    remedy: 'Change the URL of the webhook endpoint to where it redirects: redirects are not followed.',
  },
  'EVENTS.GONE': {
    retry: 'never',
    remedy: 'The webhook endpoint answered 410 and was disabled; enable it when events are wanted there again.',
  },
  'EVENTS.NO_ANSWER': {
    retry: 'backoff',
    remedy: 'Let the webhook endpoint answer first and work on the event then; it is tried again by itself.',
  },
  'EVENTS.UNREACHABLE': {
    retry: 'backoff',
    remedy: 'Check that the webhook endpoint answers from where `notify` runs; it is tried again by itself.',
  },
  'EVENTS.ADDRESS_REFUSED': {
    retry: 'backoff',
    remedy:
      'Name an https address on a public host, or ask the operator to allow it: WEBHOOK_URL_ALLOW, WEBHOOK_URL_HTTP.',
  },
  'STORE.MISSING': { retry: 'never', remedy: 'The object was deleted; submit the asset again.' },
  'STORE.CHANGED': {
    retry: 'backoff',
    remedy: 'Somebody replaced or deleted the object while it was read; reading it again gives what is there now.',
  },
  'STORE.BUCKET_MISSING': { retry: 'never', remedy: 'Create the bucket, or correct its name.' },
  'STORE.DENIED': {
    retry: 'never',
    remedy: 'Grant the credentials in S3_* access to the bucket, or this user access to the folder of the file store.',
  },
  'STORE.CONDITION_UNSUPPORTED': {
    retry: 'never',
    remedy: 'Use a store that honours If-None-Match and If-Match on PUT, or guard the key with a lease.',
  },
  'STORE.REJECTED': { retry: 'never', remedy: 'Report this: the store refused a request that its driver built.' },
  'STORE.CORRUPT': {
    retry: 'never',
    remedy: 'Delete the object and submit the asset again; set fsync if the power fails here.',
  },
  'STORE.KEY_INVALID': {
    retry: 'never',
    remedy: 'Keys are relative, without `..`, control characters or empty segments.',
  },
  'STORE.FULL': {
    retry: 'backoff',
    remedy: 'Free space on the disk that holds the object store; jobs resume by themselves.',
  },
  'STORE.UNAVAILABLE': { retry: 'backoff', remedy: 'Check S3_ENDPOINT and the network; jobs resume by themselves.' },
  'INDEX.UNAVAILABLE': { retry: 'backoff', remedy: 'Check QDRANT_URL and the network; jobs resume by themselves.' },
  'INDEX.REJECTED': { retry: 'never', remedy: 'Report this: the index refused a request that the driver built.' },
  'INDEX.LOCKED': { retry: 'backoff', remedy: 'Another process is writing the index file; wait or stop it.' },
  'INDEX.DENIED': {
    retry: 'backoff',
    remedy: 'Set QDRANT_API_KEY to a key that may read and write; jobs resume by themselves.',
  },
  'INDEX.INPUT_INVALID': {
    retry: 'never',
    remedy: 'Report this: a caller handed the index what its port does not allow.',
  },
  'INDEX.CONTRACT_MISSING': {
    retry: 'backoff',
    remedy: 'Nothing was indexed for this model contract yet; enrol or tag photos first.',
  },
  'INDEX.CONTRACT_MISMATCH': {
    retry: 'never',
    remedy: 'A model contract never changes its dimension; give the new model a new contract id.',
  },
  'INDEX.CORRUPT': {
    retry: 'backoff',
    remedy:
      'Stop the workers, move the index file away with its -wal and -shm files, then enroll and tag the same photos again; no model runs twice.',
  },
  'INDEX.FULL': {
    retry: 'backoff',
    remedy: 'Free space on the disk that holds the face index; jobs resume by themselves.',
  },
  'QUEUE.JOB_INVALID': {
    retry: 'never',
    remedy: 'The job was written by another version or by hand; submit the asset again with this version.',
  },
  'QUEUE.OUTPUT_INVALID': { retry: 'never', remedy: 'Report this: a stage returned what its contract does not allow.' },
  'QUEUE.TIMEOUT': { retry: 'backoff', remedy: 'Retry; if it repeats, raise the stage timeout or add workers.' },
  'QUEUE.STALLED': {
    retry: 'never',
    remedy: 'Workers died on this job several times; look at their logs, then retry it.',
  },
  'QUEUE.LEASE_LOST': {
    retry: 'backoff',
    remedy: 'The process stood still or Redis was away; the work is tried again by itself.',
  },
  'QUEUE.UNAVAILABLE': { retry: 'backoff', remedy: 'Check REDIS_URL and that Redis runs, then ask again.' },
  'QUEUE.UNEXPECTED': { retry: 'backoff', remedy: 'Look at the worker log for the cause.' },
} as const satisfies Record<string, { retry: 'never' | 'backoff'; remedy: string }>;

export type ErrorCode = keyof typeof ERROR_CODES;
