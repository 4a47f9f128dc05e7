/** What is in force: what a flag doesn't say, a variable says, else the context, else the configuration file. */
import {LeatError} from '../../model/errors.js'
import type {Environment} from '../environment.js'
import {type ConfigFile, configFilePath, readConfigFile} from './file.js'
import {CONFIG_KEYS} from './keys.js'

/** What says a value: a flag or a variable by its name, `context NAME`, `config file`, or something usual. */
export type Source = string

export interface Configured {
  readonly value: string
  readonly from: Source
}

export interface Configuration {
  /** The environment as it was given. */
  readonly given: Environment
  /** The environment, and in it what context and file say where it is silent. */
  readonly env: Environment
  /** For programs that a person starts, who reads the same files: without the secrets that stand there. */
  readonly handedOn: Environment
  /** The context in force. */
  readonly context?: Configured
  /** By key, what context or file say, where no variable says otherwise. */
  readonly configured: ReadonlyMap<string, Configured>
  /** What says the store that `--context` means, where `LEAT_STORE` names another. */
  readonly passedOver?: Source
}

const FROM_FILE = 'config file'

/** As if there were no configuration file. */
export const unconfigured = (env: Environment): Configuration => ({
  given: env,
  env,
  handedOn: env,
  configured: new Map(),
})

/**
 * @param flag `--context`, where an empty text means none
 * @throws INVALID   the file can't be read, or has a value that is none
 * @throws NOT_FOUND no such context
 */
export async function configurationFor(flag: string | undefined, env: Environment): Promise<Configuration> {
  const path = configFilePath(env)
  const file = await readConfigFile(path)
  const context = contextInForce(flag, env, file, path)
  const configured = new Map<string, Configured>()
  for (const {key, variables, check} of CONFIG_KEYS) {
    const said = saidBy(file, context, key)
    if (!said) continue
    if (typeof said.value !== 'string') throw wrong(path, said.from, key, 'it is not a text')
    try {
      check(said.value)
    } catch (cause) {
      if (!(cause instanceof LeatError)) throw cause
      throw wrong(path, said.from, key, cause.message, cause)
    }
    if (!variables.some((name) => env[name])) configured.set(key, {value: said.value, from: said.from})
  }
  const store = context?.from === '--context' ? saidBy(file, context, 'store') : undefined
  const isPassedOver = store && env['LEAT_STORE'] && env['LEAT_STORE'] !== store.value
  return {
    given: env,
    env: withConfigured(env, configured),
    handedOn: withConfigured(
      {...env, ...(context && {LEAT_CONTEXT: context.value})},
      new Map([...configured].filter(([key]) => !isSecret(key))),
    ),
    configured,
    ...(context && {context}),
    ...(isPassedOver && {passedOver: store.from}),
  }
}

const isSecret = (key: string): boolean => CONFIG_KEYS.some((known) => known.key === key && known.secret)

function saidBy(
  {values, contexts}: ConfigFile,
  context: Configured | undefined,
  key: string,
): {value: unknown; from: Source} | undefined {
  const settings = context && contexts[context.value]
  if (settings && Object.hasOwn(settings, key)) return {value: settings[key], from: `context ${context.value}`}
  return Object.hasOwn(values, key) ? {value: values[key], from: FROM_FILE} : undefined
}

function withConfigured(env: Environment, configured: ReadonlyMap<string, Configured>): Environment {
  if (configured.size === 0) return env
  const passedOn = CONFIG_KEYS.flatMap(({key, variables: [variable], passedOn}) => {
    const value = configured.get(key)?.value
    return passedOn && variable !== undefined && value !== undefined ? [[variable, value] as const] : []
  })
  return {...env, ...Object.fromEntries(passedOn)}
}

/** `--context`, else `LEAT_CONTEXT`, else the current one of the file. @throws NOT_FOUND */
function contextInForce(
  flag: string | undefined,
  env: Environment,
  {context, contexts}: ConfigFile,
  path: string | undefined,
): Configured | undefined {
  if (flag === '') return undefined
  const said: Configured | undefined =
    flag !== undefined
      ? {value: flag, from: '--context'}
      : env['LEAT_CONTEXT']
        ? {value: env['LEAT_CONTEXT'], from: 'LEAT_CONTEXT'}
        : context === undefined
          ? undefined
          : {value: context, from: FROM_FILE}
  if (said && !Object.hasOwn(contexts, said.value)) throw noContext(said, path)
  return said
}

function noContext({value, from}: Configured, path: string | undefined): LeatError {
  const where = from === FROM_FILE ? `, which is the current one in ${path}` : ` (${from})`
  return new LeatError('NOT_FOUND', `no context ${JSON.stringify(value)}${where}`, {
    hint: from === FROM_FILE ? 'leat context use --none' : 'leat context list',
  })
}

function wrong(path: string | undefined, from: Source, key: string, what: string, cause?: LeatError): LeatError {
  const where = from === FROM_FILE ? '' : ` of ${from}`
  return new LeatError('INVALID', `the configuration ${path}: ${key}${where}: ${what}`, {
    hint: cause?.hint ?? `leat config unset ${key}`,
    cause,
  })
}
