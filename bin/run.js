#!/usr/bin/env node
// Starts leat: from the one file that the build makes of it, with what V8 has kept of an earlier start, else from the
// ordinary modules. All of this runs at each start and is not kept, so there is little of it.
'use strict'
const {closeSync, existsSync, fstatSync, lstatSync, openSync, readFileSync} = require('node:fs')
const {dirname, isAbsolute, join} = require('node:path')
const {Script, constants} = require('node:vm')

const Module = module.constructor
const root = dirname(__dirname)
const words = process.argv.slice(2)

/** Commands for which V8's work is kept apart: what one of them needs would only make the others slower. */
const KEPT_APART = ['send', 'read', 'list', 'log', 'shell']

/** Where V8's work is kept: beside what it is made from, or where that can't be written, in a folder of the user's own. */
const places = [join(root, 'dist/start'), ownFolder()].filter((place) => place !== undefined)

const start = startOfBundle()
if (start) start(words, root)
else runModules()

/** What the build made, undefined where it is missing or damaged. */
function startOfBundle() {
  // Names in a stack are only readable in the ordinary modules.
  if (process.env.LEAT_DEBUG === '1') return undefined
  try {
    let rest
    const {start, shared} = load('leat.cjs', (id, require) => {
      if (id !== './rest.cjs') return require(id)
      rest ??= load('rest.cjs', (id, require) => require(id))(shared)
      return rest
    })
    return start
  } catch {
    return undefined
  }
}

/** Runs a file of the build, with what V8 has kept of it. @throws whatever is wrong with it */
function load(name, find) {
  const file = join(root, 'dist/start', name)
  const source = readFileSync(file, 'latin1')
  // scripts/start/bundle.js writes this line.
  const [head, hash, length] = /^\/\/([0-9a-f]{32}) +(\d+)\n/.exec(source.slice(0, 64))
  if (source.length !== head.length + Number(length)) throw new Error(`${name} is damaged`)
  const kept = cacheName(name, hash)
  const cachedData = keptIn(places, kept)
  const importModuleDynamically = constants.USE_MAIN_CONTEXT_DEFAULT_LOADER
  const script = new Script(source, {filename: file, cachedData, importModuleDynamically})
  if (cachedData === undefined || script.cachedDataRejected)
    process.on('exit', () => require('./keep.js').keep(script, places, kept, isOwn))
  const made = new Module(file, module)
  made.filename = file
  made.paths = module.paths
  const requireThere = Object.assign((id) => find(id, (id) => made.require(id)), {
    resolve: (id, options) => Module._resolveFilename(id, made, false, options),
  })
  script.runInThisContext()(made.exports, requireThere, made, file, dirname(file))
  return made.exports
}

/** Of another build, Node, processor or set of V8's options it would be of no use. */
function cacheName(name, hash) {
  const hasOptions = process.execArgv.length > 0 || Boolean(process.env.NODE_OPTIONS)
  const given = hasOptions ? `-${require('node:v8').cachedDataVersionTag()}` : ''
  return `${name}-${hash.slice(0, 16)}-${process.version}-${process.arch}${given}-${kind()}.cache`
}

function kind() {
  if (words[0] === '--complete') return 'complete'
  if (words.includes('--help') || words.includes('-h')) return 'help'
  const command = words.find((word) => !word.startsWith('-'))
  return KEPT_APART.includes(command) ? command : 'rest'
}

/** Of the user alone, for where the package can't be written to. */
function ownFolder() {
  const {XDG_CACHE_HOME: given = '', HOME: home = ''} = process.env
  const base = isAbsolute(given) ? given : isAbsolute(home) ? join(home, '.cache') : undefined
  return base && join(base, 'leat')
}

/** What V8 has kept, undefined where there is nothing that can be trusted. */
function keptIn([shared, own], name) {
  return (
    read(join(shared, name)) ??
    (own !== undefined && isOwn(lstatSync(own, {throwIfNoEntry: false})) ? read(join(own, name), isOwn) : undefined)
  )
}

/**
 * It stands there twice: V8 doesn't look whether it is sound, and would end Node where it isn't.
 * @param isTrusted whether a file with these stats may be used
 */
function read(file, isTrusted = () => true) {
  if (!existsSync(file)) return undefined
  try {
    const fd = openSync(file, 'r')
    try {
      if (!isTrusted(fstatSync(fd))) return undefined
      const bytes = readFileSync(fd)
      const half = bytes.length / 2
      const isSound = half > 0 && Number.isInteger(half) && bytes.compare(bytes, 0, half, half) === 0
      return isSound ? bytes.subarray(0, half) : undefined
    } finally {
      closeSync(fd)
    }
  } catch {
    return undefined
  }
}

/** Nobody else has put it there, or could. */
function isOwn(stats) {
  const user = process.getuid?.()
  return (
    stats !== undefined &&
    !stats.isSymbolicLink() &&
    (user === undefined || (stats.uid === user && (stats.mode & 0o022) === 0))
  )
}

async function runModules() {
  const entry = join(root, 'dist/cli/main.js')
  if (existsSync(entry)) {
    const {main} = await import(require('node:url').pathToFileURL(entry).href)
    await main(words, root)
  } else {
    process.stderr.write('leat is not built: npm run build\n')
    process.exitCode = 1
  }
}
