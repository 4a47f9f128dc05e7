/** Node, SQLite, the terminal and the environment. */
import type {Environment} from '../environment.js'
import {bad, type Diagnosis, ok, warn} from './diagnosis.js'

/** The oldest Node that leat runs on, and the newest line that it was tried on. */
const OLDEST = [20, 19] as const
const NEWEST = 26

export function aboutNode(version: string): Diagnosis {
  const [major = 0, minor = 0] = version.replace(/^v/, '').split('.').map(Number)
  if (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1]))
    return bad('node', `Node ${version} is too old`, `install Node ${OLDEST.join('.')} or newer`)
  if (major > NEWEST)
    return warn('node', `Node ${version} is newer than what leat was tried on`, `Node ${NEWEST} is the newest that was`)
  return ok('node', `Node ${version}`)
}

/** Before it SQLite could, rarely, lose what was written while the log was begun anew. */
const SOUND = [3, 51, 3] as const

/** @param engine its version, or what happened when it was loaded */
export function aboutEngine(engine: {version: string} | {error: string}): Diagnosis {
  if ('error' in engine)
    return bad(
      'sqlite',
      `better-sqlite3 can't be loaded: ${engine.error}`,
      'npm rebuild better-sqlite3, with the Node that runs leat; else install leat anew',
    )
  const numbers = engine.version.split('.').map(Number)
  const differs = SOUND.findIndex((number, at) => numbers[at] !== number)
  if (differs >= 0 && (numbers[differs] ?? 0) < SOUND[differs]!)
    return bad('sqlite', `SQLite ${engine.version} can damage a store (WAL reset)`, 'npm install better-sqlite3@latest')
  return ok('sqlite', `SQLite ${engine.version}`)
}

/** Variables that leat reads, and those that it sets for the commands that it runs. */
const VARIABLES = [
  ...['LEAT_STORE', 'LEAT_AS', 'LEAT_READER', 'LEAT_CONTEXT', 'LEAT_DEBUG', 'LEAT_EDITOR'],
  ...['LEAT_SMTP_URL', 'LEAT_SMTP_FROM', 'LEAT_CLAIM', 'LEAT_DELIVERY_ID'],
]

/** @param nearest of some names, the one that is most like a given one */
export function aboutEnvironment(
  env: Environment,
  nearest: (name: string, names: readonly string[]) => string | undefined,
): Diagnosis[] {
  const unknown = Object.keys(env)
    .filter((name) => name.startsWith('LEAT_') && !name.startsWith('LEAT_MSG_') && !VARIABLES.includes(name))
    .sort()
  if (unknown.length === 0) return [ok('environment', 'every LEAT_ variable is one that leat reads')]
  return unknown.map((name) => {
    const like = nearest(name, VARIABLES)
    return warn(
      'environment',
      `leat doesn't know the variable ${name}`,
      like ? `did you mean ${like}?` : `unset ${name}`,
    )
  })
}

export function aboutLocale(env: Environment): Diagnosis {
  const locale = env['LC_ALL'] || env['LC_CTYPE'] || env['LANG'] || ''
  if (/utf-?8/i.test(locale)) return ok('locale', locale)
  return warn(
    'locale',
    `the locale is ${locale === '' ? 'not set' : JSON.stringify(locale)}: other programs may show text wrong`,
    'export LANG=C.UTF-8',
  )
}

export interface Terminal {
  isTerminal: boolean
  columns: number
  term: string | undefined
}

export function aboutTerminal({isTerminal, columns, term}: Terminal): Diagnosis {
  if (!isTerminal) return ok('terminal', 'stdout is none: one record a line, no colour')
  if (term === undefined || term === 'dumb')
    return warn(
      'terminal',
      `TERM is ${term ?? 'not set'}: no colour, no full screen`,
      'export TERM=xterm-256color, if it is one',
    )
  if (columns < 40) return warn('terminal', `${columns} columns are few`, 'make it wider: tables want 80')
  return ok('terminal', `${term}, ${columns} columns`)
}
