/** Keys and values as they are typed, and what is in force for each. */
import {hostname} from 'node:os'
import {join, resolve} from 'node:path'
import {nearestName} from '../../bus/nearest.js'
import {LeatError} from '../../model/errors.js'
import {type Environment, homeFolder, identify} from '../environment.js'
import {addressOf} from '../open.js'
import type {Configuration, Configured} from './configuration.js'
import type {ConfigFile} from './file.js'
import {CONFIG_KEYS, type ConfigKey} from './keys.js'

/** One line of `config list`. */
export interface ConfigRow {
  key: string
  /** Absent: nothing says it, and there is nothing usual. */
  value?: string
  /** What says so; absent where nothing does. */
  from?: string
}

/** @throws USAGE there is none of this name */
export function configKey(typed: string): ConfigKey {
  const found = CONFIG_KEYS.find(({key}) => key === typed)
  if (found) return found
  if (typed === 'context' || typed === 'contexts')
    throw new LeatError('USAGE', `${typed} is not a key`, {hint: 'leat context use NAME'})
  const names = CONFIG_KEYS.map(({key}) => key)
  const near = nearestName(typed, names)
  throw new LeatError('USAGE', `no key ${JSON.stringify(typed)}`, {
    hint: near === undefined ? `the keys are ${names.join(', ')}` : `did you mean ${near}?`,
  })
}

/** A value as it is kept: a store's path from the root, `~` being the home folder. @throws INVALID */
export function valueFor({key, check}: ConfigKey, typed: string, env: Environment): string {
  if (typed === '') throw new LeatError('INVALID', `${key} can't be empty`, {hint: `leat config unset ${key}`})
  const value = key === 'store' ? wholeAddress(typed, env) : typed
  check(value)
  return value
}

function wholeAddress(typed: string, env: Environment): string {
  const [, scheme = '', path = ''] = /^(sqlite:)?(.*)$/is.exec(typed) ?? []
  if (scheme === '' && /^[a-z][a-z0-9+]+:/i.test(path)) return typed
  const home = homeFolder(env)
  const fromHome = home !== undefined && /^~(\/|$)/.test(path) ? join(home, path.slice(1)) : path
  return scheme + resolve(fromHome)
}

/** `KEY=VALUE` pairs as they are kept. @throws USAGE, INVALID */
export const valuesFor = (pairs: Readonly<Record<string, string>>, env: Environment): Record<string, string> =>
  Object.fromEntries(Object.entries(pairs).map(([key, value]) => [key, valueFor(configKey(key), value, env)]))

/** What flags of the command itself say. */
export interface GlobalFlags {
  as?: string
  store?: string
  color?: string
  'no-input'?: boolean
}

/** What is in force for a key, and what says so. */
export function inForce({key, variables}: ConfigKey, flags: GlobalFlags, configuration: Configuration): ConfigRow {
  const {given: env} = configuration
  const row = ({value, from}: Configured): ConfigRow => ({key, value, from})
  const configured = configuration.configured.get(key)
  const variable = variables.find((name) => env[name])
  switch (key) {
    case 'actor': {
      const {actor, from} = identify(flags.as, configuration.env, configuration.configured)
      return row({value: actor, from})
    }
    case 'store': {
      const {store, from} = addressOf(flags.store, configuration.env, configuration.configured)
      return row({value: store, from})
    }
    case 'color':
      if (flags.color !== undefined) return row({value: flags.color, from: '--color'})
      if (variable !== undefined) return row({value: variable === 'NO_COLOR' ? 'never' : 'always', from: variable})
      return row(configured ?? {value: 'auto', from: 'default'})
    case 'prompts':
      if (flags['no-input']) return row({value: 'off', from: '--no-input'})
      return row(
        variable === undefined ? (configured ?? {value: 'on', from: 'default'}) : {value: 'off', from: variable},
      )
    default: {
      if (variable !== undefined) return row({value: env[variable] as string, from: variable})
      const usual = configured ?? usualFor(key, flags, configuration)
      return usual ? row(usual) : {key}
    }
  }
}

function usualFor(key: string, flags: GlobalFlags, configuration: Configuration): Configured | undefined {
  const {given: env} = configuration
  const editor = ['VISUAL', 'EDITOR'].find((name) => env[name])
  switch (key) {
    case 'reader':
      return {value: identify(flags.as, configuration.env, configuration.configured).actor, from: 'default'}
    case 'editor':
      return editor === undefined ? {value: 'vi', from: 'default'} : {value: env[editor] as string, from: editor}
    case 'smtp.from':
      return {value: `leat@${hostname()}`, from: 'default'}
    default:
      return undefined
  }
}

/** All that is in force, the context first. */
export const rowsOf = (flags: GlobalFlags, configuration: Configuration): ConfigRow[] => [
  {key: 'context', ...configuration.context},
  ...CONFIG_KEYS.map((key) => inForce(key, flags, configuration)),
]

/** Keys in the file, or in one of its contexts, that this leat doesn't know. */
export const unknownKeys = ({values, contexts}: ConfigFile): string[] =>
  [values, ...Object.values(contexts)]
    .flatMap((settings) => Object.keys(settings))
    .filter((key, at, all) => !CONFIG_KEYS.some((known) => known.key === key) && all.indexOf(key) === at)

/** A value that anybody may see over one's shoulder. */
export function masked({key, value, from}: ConfigRow): ConfigRow {
  const secret = CONFIG_KEYS.find((known) => known.key === key)?.secret
  const shown = secret && value !== undefined ? withoutPassword(value) : value
  return {key, ...(shown !== undefined && {value: shown}), ...(from !== undefined && {from})}
}

/** Where a user and a password stand in a URL as it should be. */
const CREDENTIALS = /^([a-z][a-z\d+.-]*:\/\/)([^\s:/?#@]*)(:[^\s/?#@]*)?@([^@]*)$/i

function withoutPassword(url: string): string {
  if (!URL.canParse(url)) return '***'
  if (!url.includes('@')) return url
  // A variable may have any text: what isn't where it should be could be a password anywhere.
  const [, scheme, user, password, rest] = CREDENTIALS.exec(url) ?? []
  if (scheme === undefined) return '***'
  // The user name may be the secret, too, where there is no password.
  return password === undefined ? `${scheme}***@${rest}` : `${scheme}${user}:***@${rest}`
}
