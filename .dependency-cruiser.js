// The table of rooms (docs/architecture.md) as rules that a machine can hold. A new room is a new line in ROOMS;
// a new package with one owner is a new line in OWNERS.

/** Tests and what serves only them: these may use libs/testing, development packages and other rooms' insides. */
const TESTS = String.raw`\.(spec|type-spec|fixture)\.ts$|/testing/|/fixtures/|^test/|^bench/`;

/** Each room of libs/, what it may import of the others, and why no more. */
const ROOMS = {
  vision: [[], 'Pure maths: no I/O and no neighbours, so that it can be tested against golden numbers alone.'],
  contracts: [[], 'The table of the whole product: everything depends on it, so it depends on nothing.'],
  config: [['contracts'], 'The only reader of the environment knows values, not what is done with them.'],
  telemetry: [['contracts', 'config'], 'Every room may log, so logging may know none of them.'],
  'local-redis': [
    ['contracts', 'telemetry'],
    'Looks after a server process; what travels over it is not its business.',
  ],
  queue: [['contracts', 'config', 'telemetry'], 'The belt carries keys; it must work for any stage, so it knows none.'],
  'object-store': [
    ['contracts', 'config', 'telemetry'],
    'A port and its drivers: bytes under keys, whatever they mean.',
  ],
  'face-index': [
    ['contracts', 'config', 'telemetry', 'threads'],
    'A port and its drivers: vectors and filters, whatever they mean.',
  ],
  onnx: [[], 'A file format: models are bytes here, read, edited and written. Whoever runs them is elsewhere.'],
  models: [
    ['contracts', 'onnx', 'vision'],
    'Fetches, builds and checks files; running them is inference. Of the maths it needs what turns distances into cosines.',
  ],
  imaging: [['contracts'], 'Turns files into pixels and back; what is in the picture is vision.'],
  inference: [
    ['contracts', 'config', 'telemetry', 'models', 'onnx', 'vision', 'threads'],
    'Runs models on arrays; where those come from and go to is for the stages.',
  ],
  registry: [['contracts', 'object-store'], 'Documents over the object-store port; needs no driver, queue or model.'],
  identity: [['contracts', 'vision', 'face-index'], 'Pure policy over vectors and the index port: who is who.'],
  gallery: [
    ['contracts', 'vision', 'identity', 'registry', 'object-store', 'face-index'],
    'Who is who in a collection, over ports: workers and the API ask the same questions and get the same answers.',
  ],
  threads: [[], 'Where compiled code lies; what a thread does is for the room that starts it.'],
  evaluation: [['contracts', 'vision', 'identity', 'threads'], 'Protocols over vectors that somebody else makes.'],
  training: [
    ['onnx', 'vision', 'threads'],
    'Makes model files of numbers that somebody else got from photos; running them is inference.',
  ],
  events: [
    ['contracts', 'config', 'telemetry', 'queue', 'registry', 'outbound'],
    'Delivers facts that are in the log, as long as it takes; it never makes them, but for what becomes of an endpoint.',
  ],
  outbound: [
    ['contracts', 'config', 'telemetry'],
    'Requests that leave this deployment to addresses somebody else chose; what they carry is not its business.',
  ],
  stages: [
    ['contracts', 'vision', 'imaging', 'inference', 'registry', 'gallery', 'outbound', 'object-store', 'face-index'],
    'A handler knows ports, never the queue: it must run the same in a loop, a test and a worker.',
  ],
  submission: [
    ['contracts', 'queue', 'registry'],
    'Puts photos on the belt and waits for their results; whoever submits, a person, a program or a feeder, does it alike.',
  ],
  bulk: [
    ['contracts', 'config', 'telemetry', 'queue', 'object-store', 'registry', 'submission'],
    'Feeds the belt from lists of any length and keeps the accounts; what is done to a photo is for the stages.',
  ],
  boot: [
    ['contracts', 'config', 'telemetry', 'queue', 'object-store', 'face-index', 'registry', 'gallery'],
    "What every program does to start and stop; it fills the ports, the gallery's among them. Which stages it runs is not known here.",
  ],
  runtime: [
    [
      ...[
        'boot',
        'contracts',
        'config',
        'telemetry',
        'queue',
        'object-store',
        'face-index',
        'models',
        'imaging',
        'inference',
      ],
      ...['registry', 'identity', 'gallery', 'events', 'outbound', 'stages', 'submission', 'bulk'],
    ],
    'Composes the rooms into processes; a private Redis is for the programs of a laptop to bring.',
  ],
  'http-api': [
    [
      ...['boot', 'contracts', 'config', 'telemetry', 'queue', 'object-store', 'face-index'],
      ...['models', 'registry', 'identity', 'gallery', 'submission', 'bulk', 'events', 'outbound', 'vision', 'imaging'],
    ],
    'HTTP in front of the product: checks, asks and answers. It runs no model and decodes no photo; thumbnails it encodes. Of events it serves the description and what the log has, and delivers none.',
  ],
  client: [[], 'A package for programs elsewhere, which knows the product by the description of its API alone.'],
};

/** Packages that one room wraps for all, so that replacing one means changing one room. */
const OWNERS = [
  [
    'bullmq',
    '^bullmq$|/node_modules/bullmq/',
    'queue',
    'Only libs/queue turns failures into retries and dead letters.',
  ],
  [
    'ioredis',
    'node_modules/ioredis/',
    'queue',
    'Connections, their waiting and their failing are set up in one place.',
  ],
  [
    'rate-limiter',
    'node_modules/rate-limiter-flexible/',
    'queue',
    'What is counted in Redis is counted where Redis is.',
  ],
  [
    'standardwebhooks',
    'node_modules/standardwebhooks/',
    'events',
    'How what leaves is signed is decided in one place.',
  ],
  ['csv-parse', 'node_modules/csv-parse/', 'bulk', 'What a list of photos may look like is decided in one place.'],
  ['s3', 'node_modules/@aws-sdk/', 'object-store', 'Checksums, retries and error mapping of S3 are decided once.'],
  [
    'qdrant',
    'node_modules/@qdrant/',
    'face-index',
    'The rest of the product sees the port, whichever index is behind.',
  ],
  ['sqlite-vec', 'node_modules/sqlite-vec', 'face-index', 'Queries block: the index gives them a thread of their own.'],
  [
    'sqlite',
    '^(node:)?sqlite$',
    '(face-index|object-store)',
    'A file format of its own for the index; elsewhere a kernel lock at most.',
  ],
  [
    'onnxruntime',
    'node_modules/onnxruntime-',
    'inference',
    'A model runs synchronously: it belongs in worker threads.',
  ],
  [
    'opencv',
    'node_modules/@techstark/',
    'inference',
    'It computes synchronously and takes 11 MB: it belongs in worker threads that have a cascade.',
  ],
  [
    'ml-matrix',
    'node_modules/ml-matrix',
    'training',
    'What is learned is learned in one place, in a thread of its own.',
  ],
  [
    'undici',
    'node_modules/undici/',
    'outbound',
    'A connection to a stranger passes the address guard, and no room makes one past it.',
  ],
  ['ipaddr', 'node_modules/ipaddr.js/', 'outbound', 'Which addresses are public is decided in one place.'],
  ['sharp', 'node_modules/sharp/', 'imaging', 'Limits on bytes and pixels hold only where every decode passes them.'],
  [
    'nest',
    'node_modules/@nestjs/',
    '(boot|runtime|telemetry|http-api)',
    'A room of libs is plain TypeScript that any program can use.',
  ],
];

const roomRules = Object.entries(ROOMS).map(([room, [allowed, comment]]) => ({
  name: `room-${room}`,
  comment,
  severity: 'error',
  from: { path: `^libs/${room}/`, pathNot: TESTS },
  to: { path: '^(libs|apps|test|bench)/', pathNot: `^libs/(${[room, ...allowed].join('|')})/` },
}));

const ownerRules = OWNERS.map(([name, path, owner, comment]) => ({
  name: `only-${owner.replaceAll(/\W+/g, '-').replaceAll(/^-|-$/g, '')}-imports-${name}`,
  comment,
  severity: 'error',
  from: { path: '^libs/', pathNot: `^libs/${owner}/|${TESTS}` },
  to: { path },
}));

const wrappedRules = OWNERS.filter(([name]) => name !== 'nest').map(([name, path, owner, comment]) => ({
  name: `apps-use-${owner}-for-${name}`,
  comment,
  severity: 'error',
  from: { path: '^apps/', pathNot: TESTS },
  to: { path },
}));

export default {
  forbidden: [
    ...roomRules,
    ...ownerRules,
    ...wrappedRules,
    {
      name: 'every-room-is-in-the-table',
      comment: 'A new folder in libs is a new idea: it gets its line above, with what it may import and why.',
      severity: 'error',
      from: { path: '^libs/', pathNot: `^libs/(${[...Object.keys(ROOMS), 'testing'].join('|')})/` },
      to: {},
    },
    {
      name: 'apps-never-import-apps',
      comment: 'An app is a thin runnable; what two of them share is a room of libs.',
      severity: 'error',
      from: { path: '^apps/([^/]+)/' },
      to: { path: '^apps/', pathNot: '^apps/$1/' },
    },
    {
      name: 'no-deep-imports',
      comment: "A room's index says what it offers; its insides may change without asking.",
      severity: 'error',
      from: { path: '^(?:libs|apps)/([^/]+)/', pathNot: TESTS },
      to: { path: '^libs/', pathNot: ['^libs/[^/]+/src/index\\.ts$', '^libs/$1/'] },
    },
    {
      name: 'stages-never-import-stages',
      comment: 'What one stage needs of another travels as a job; what both need lies beside them.',
      severity: 'error',
      from: { path: '^libs/stages/src/(ingest|detect|embed|match|probe|rebind)/', pathNot: TESTS },
      to: { path: '^libs/stages/src/(ingest|detect|embed|match|probe|rebind)/', pathNot: '^libs/stages/src/$1/' },
    },
    {
      name: 'contracts-only-zod',
      comment: 'Contracts are read by every process and by generated documentation: schemas and nothing to run.',
      severity: 'error',
      from: { path: '^libs/contracts/', pathNot: TESTS },
      to: { path: 'node_modules/', pathNot: 'node_modules/zod/' },
    },
    {
      name: 'vision-imports-nothing',
      comment: 'Pure maths runs anywhere: no package and no module of Node.',
      severity: 'error',
      from: { path: '^libs/vision/', pathNot: TESTS },
      to: { pathNot: '^libs/vision/' },
    },
    {
      name: 'client-imports-nothing',
      comment: 'The client runs in browsers too and brings nothing along: no package and no module of Node.',
      severity: 'error',
      from: { path: '^libs/client/', pathNot: TESTS },
      to: { pathNot: '^libs/client/' },
    },
    {
      name: 'testing-only-in-tests',
      comment: 'Fixtures and local servers must never reach an image that is deployed.',
      severity: 'error',
      from: { path: '^(libs|apps)/', pathNot: `^libs/testing/|${TESTS}` },
      to: { path: '^libs/testing/' },
    },
    {
      name: 'no-development-packages-in-production',
      comment: 'Images are installed without them: such an import fails there and nowhere else.',
      severity: 'error',
      from: { path: '^(libs|apps)/', pathNot: `^libs/testing/|${TESTS}` },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'only-declared-packages',
      comment: 'A package that comes along with another one goes with it too.',
      severity: 'error',
      from: { path: '^(libs|apps|test|bench)/' },
      to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown'] },
    },
    {
      name: 'no-circular',
      comment: 'Two files that need each other are one idea, or miss a third.',
      severity: 'error',
      from: { pathNot: '/generated/' },
      to: { circular: true },
    },
    {
      name: 'not-unresolvable',
      comment: 'An import that is not found is checked by no other rule.',
      severity: 'error',
      from: {},
      to: { couldNotResolve: true },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|data|scripts|coverage|libs/client/dist)/' },
    tsPreCompilationDeps: true,
    // libs/client has a package.json of its own; its tests use the packages of the root.
    combinedDependencies: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
    },
  },
};
