/** Setting and unsetting single keys, of the file or of one of its contexts. */
import {LeatError} from '../../model/errors.js'
import type {Environment} from '../environment.js'
import {changeConfigFile} from './change.js'
import {requireContext} from './contexts.js'
import type {ConfigFile} from './file.js'
import {configKey, valueFor} from './values.js'

type Settings = Readonly<Record<string, unknown>>

/** @param context where it is set; undefined: in the file itself @returns the value as it is kept @throws USAGE, INVALID, NOT_FOUND, BUSY, STORAGE */
export function setKey(env: Environment, key: string, typed: string, context: string | undefined): Promise<string> {
  const value = valueFor(configKey(key), typed, env)
  return changeConfigFile(env, (file) => ({
    file: withSettings(file, context, (settings) => ({...settings, [key]: value})),
    result: value,
  }))
}

/** A key that leat doesn't know can be taken away too. @throws NOT_FOUND it is not set there; INVALID, BUSY, STORAGE */
export function unsetKey(env: Environment, key: string, context: string | undefined): Promise<void> {
  return changeConfigFile(env, (file) => {
    const settings = context === undefined ? file.values : requireContext(file, context)
    if (!Object.hasOwn(settings, key)) {
      configKey(key)
      throw new LeatError(
        'NOT_FOUND',
        `${key} is not set${context === undefined ? '' : ` in the context ${context}`}`,
        {
          hint: 'leat config list shows what is, and where',
        },
      )
    }
    return {
      file: withSettings(file, context, ({[key]: _, ...others}) => others),
      result: undefined,
    }
  })
}

/** What wins over a key of the file, or of a context: a variable, or the current context. */
export function winsOver(
  env: Environment,
  {context: current, contexts}: ConfigFile,
  key: string,
  context: string | undefined,
): string | undefined {
  const variable = configKey(key).variables.find((name) => env[name])
  if (variable !== undefined || context !== undefined) return variable
  const inForce = env['LEAT_CONTEXT'] || current
  const settings = inForce === undefined ? undefined : contexts[inForce]
  return settings && Object.hasOwn(settings, key) ? `the context ${inForce}` : undefined
}

function withSettings(
  file: ConfigFile,
  context: string | undefined,
  change: (settings: Settings) => Settings,
): ConfigFile {
  if (context === undefined) return {...file, values: change(file.values)}
  return {...file, contexts: {...file.contexts, [context]: change(requireContext(file, context))}}
}
