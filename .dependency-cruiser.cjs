// The import rules of the house. Each room names the rooms that it may import; everything else is refused.
// Rooms are regular expressions on paths; a room may always import itself.

const rooms = {
  index: '^src/index\\.ts$',
  commands: '^src/commands/',
  cli: '^src/cli/',
  tui: '^src/tui/',
  bus: '^src/bus/',
  model: '^src/model/',
  store: '^src/store/',
  transport: '^src/transport/',
  server: '^src/server/',
}

// Parts of a room that others may import on their own.
const output = '^src/cli/output(\\.ts$|/)'
const storePort = '^src/store/store\\.ts$'
const storeOpen = '^src/store/open\\.ts$'
const transportPort = '^src/transport/transport\\.ts$'
const transportOpen = '^src/transport/open\\.ts$'

const {commands, cli, tui, bus, model, server} = rooms

const mayImport = {
  index: [bus, model, storeOpen, transportOpen],
  commands: [cli, bus, model],
  cli: [bus, model, storeOpen, server, transportOpen, tui], // the last three on demand, see below
  tui: [bus, model, output],
  bus: [model, storePort, transportPort], // the ports as types, see below
  model: [],
  store: [model],
  transport: [model],
  server: [bus, model],
}

const allowLists = Object.entries(mayImport).map(([room, allowed]) => ({
  name: `${room}-may-import`,
  comment: `src/${room} may import only what .dependency-cruiser.cjs lists for it`,
  severity: 'error',
  from: {path: rooms[room]},
  to: {path: '^src/', pathNot: [rooms[room], ...allowed]},
}))

/** Packages by name, whether the import is of the code or of its types. */
const packages = (...names) => `(^|/)node_modules/(@types/)?(${names.join('|')})/`

module.exports = {
  forbidden: [
    ...allowLists,
    {
      name: 'every-file-has-a-room',
      comment: 'a new folder under src needs a line in .dependency-cruiser.cjs',
      severity: 'error',
      from: {path: '^(src|bin)/'},
      to: {path: '^src/', pathNot: Object.values(rooms)},
    },
    {
      name: 'no-import-outside-the-rooms',
      comment: 'a new folder under src needs a line in .dependency-cruiser.cjs',
      severity: 'error',
      from: {path: '^src/', pathNot: Object.values(rooms)},
      to: {path: '^src/'},
    },
    {
      name: 'src-stays-in-src',
      comment: 'nothing in src imports from test, bench, examples, bin or dist',
      severity: 'error',
      from: {path: '^src/'},
      to: {path: '^(test|bench|examples|bin|scripts|dist)/'},
    },
    {
      name: 'bin-starts-the-cli-and-nothing-else',
      severity: 'error',
      from: {path: '^bin/'},
      to: {path: '^(src|dist)/', pathNot: '^(src|dist)/cli/main\\.[jt]s$'},
    },
    {
      name: 'cli-loads-on-demand',
      comment: 'server, transport/open and tui cost start-up time: the cli takes them by import() only, or as types',
      severity: 'error',
      from: {path: cli},
      to: {path: [server, transportOpen, tui], dynamic: false, dependencyTypesNot: ['type-only']},
    },
    {
      name: 'bus-knows-ports-as-types',
      comment: 'an engine or a transport is handed to the bus: import type',
      severity: 'error',
      from: {path: bus},
      to: {path: [storePort, transportPort], dependencyTypesNot: ['type-only']},
    },
    {
      name: 'no-cycles',
      severity: 'error',
      from: {},
      to: {circular: true},
    },
    {
      name: 'sqlite-in-its-engine-only',
      severity: 'error',
      from: {path: '^src/', pathNot: '^src/store/sqlite/'},
      to: {path: packages('better-sqlite3')},
    },
    {
      name: 'terminal-libraries-at-the-terminal-only',
      severity: 'error',
      from: {path: '^src/', pathNot: [commands, cli, tui]},
      to: {path: packages('@oclif', 'chalk', 'inquirer', '@inquirer')},
    },
    {
      name: 'screen-libraries-in-the-browser-only',
      comment: 'they are large, and loaded when `inspect` runs',
      severity: 'error',
      from: {path: '^src/', pathNot: tui},
      to: {path: packages('ink', 'react')},
    },
    {
      name: 'jmespath-in-one-place',
      comment: 'what it is given is bounded there',
      severity: 'error',
      from: {path: '^src/', pathNot: '^src/model/expression\\.ts$'},
      to: {path: packages('@jmespath-community')},
    },
    {
      name: 'csv-in-one-place',
      comment: 'loaded when an export asks for it',
      severity: 'error',
      from: {path: '^src/', pathNot: '^src/cli/output/transfer/csv\\.ts$'},
      to: {path: packages('csv-stringify')},
    },
    {
      name: 'server-libraries-at-the-doors-only',
      comment: 'they are large, and loaded when `serve` runs',
      severity: 'error',
      from: {path: '^src/', pathNot: server},
      to: {path: packages('fastify', '@fastify', 'ws')},
    },
    {
      name: 'transport-libraries-in-transports-only',
      comment: 'they are large, and loaded when something is delivered by them',
      severity: 'error',
      from: {path: '^src/', pathNot: rooms.transport},
      to: {path: packages('undici', 'ipaddr\\.js', 'nodemailer', 'standardwebhooks')},
    },
    {
      name: 'no-development-package-in-src',
      comment: 'it would be missing where leat is installed',
      severity: 'error',
      from: {path: '^src/'},
      to: {dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'], pathNot: '(^|/)node_modules/@types/'},
    },
    {
      name: 'not-resolved',
      comment: 'an import that leads nowhere would escape every rule above',
      severity: 'error',
      from: {path: '^src/'},
      to: {couldNotResolve: true},
    },
  ],
  options: {
    doNotFollow: {path: 'node_modules'},
    exclude: {path: '^dist/'},
    tsConfig: {fileName: 'tsconfig.json'},
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      conditionNames: ['types', 'import', 'node', 'default'],
      exportsFields: ['exports'],
    },
  },
}
