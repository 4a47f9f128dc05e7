/** Named contexts: a store, an actor and more by one name. */
import {nearestName} from '../../bus/nearest.js'
import {LeatError} from '../../model/errors.js'
import {checkName} from '../../model/names.js'
import type {Environment} from '../environment.js'
import type {ContextRow} from '../output/views/configuration.js'
import {changeConfigFile} from './change.js'
import type {ConfigFile} from './file.js'
import {masked} from './values.js'

type Settings = ConfigFile['contexts'][string]

/** The settings of a context. @throws NOT_FOUND */
export function requireContext({contexts}: ConfigFile, name: string): Settings {
  const found = Object.hasOwn(contexts, name) ? contexts[name] : undefined
  if (found) return found
  const near = nearestName(name, Object.keys(contexts))
  throw new LeatError('NOT_FOUND', `no context ${JSON.stringify(name)}`, {
    hint: near === undefined ? 'leat context list' : `did you mean ${near}?`,
  })
}

/** @param name as it is shown; its secrets are masked unless they are asked for */
export function contextRow(file: ConfigFile, name: string, {secrets = false} = {}): ContextRow {
  const settings = Object.entries(requireContext(file, name)).map(([key, value]) => {
    const text = typeof value === 'string' ? value : JSON.stringify(value)
    return [key, secrets ? text : (masked({key, value: text}).value ?? '')] as const
  })
  return {context: name, current: file.context === name, settings: Object.fromEntries(settings)}
}

export const contextRows = (file: ConfigFile, options: {secrets?: boolean} = {}): ContextRow[] =>
  Object.keys(file.contexts)
    .sort((a, b) => (a < b ? -1 : 1))
    .map((name) => contextRow(file, name, options))

/** Makes a context. @param use it becomes the current one @throws INVALID, EXISTS, BUSY, STORAGE */
export function addContext(
  env: Environment,
  name: string,
  settings: Readonly<Record<string, string>>,
  {use}: {use: boolean},
): Promise<ContextRow> {
  checkName('context', name)
  return changeConfigFile(env, (file) => {
    if (Object.hasOwn(file.contexts, name))
      throw new LeatError('EXISTS', `there is a context "${name}" already`, {
        hint: `leat config set KEY VALUE --context ${name} changes it`,
      })
    const changed = {...file, contexts: {...file.contexts, [name]: settings}, ...(use && {context: name})}
    return {file: changed, result: contextRow(changed, name)}
  })
}

/** Makes a context the current one, or none. @throws NOT_FOUND, INVALID, BUSY, STORAGE */
export const chooseContext = (env: Environment, name: string | undefined): Promise<void> =>
  changeConfigFile(env, ({context: _, ...file}) => {
    if (name === undefined) return {file, result: undefined}
    requireContext(file, name)
    return {file: {...file, context: name}, result: undefined}
  })

/** @returns whether it was the current one @throws NOT_FOUND, INVALID, BUSY, STORAGE */
export const removeContext = (env: Environment, name: string): Promise<boolean> =>
  changeConfigFile(env, (file) => {
    requireContext(file, name)
    const {[name]: _, ...contexts} = file.contexts
    const {context, ...rest} = file
    const wasCurrent = context === name
    return {file: {...rest, contexts, ...(context !== undefined && !wasCurrent && {context})}, result: wasCurrent}
  })

/** Keeps its place in the file, and stays the current one if it was. @throws NOT_FOUND, EXISTS, INVALID, BUSY, STORAGE */
export function renameContext(env: Environment, name: string, to: string): Promise<void> {
  checkName('context', to)
  return changeConfigFile(env, (file) => {
    requireContext(file, name)
    if (to !== name && Object.hasOwn(file.contexts, to))
      throw new LeatError('EXISTS', `there is a context "${to}" already`)
    const contexts = Object.fromEntries(
      Object.entries(file.contexts).map(([each, settings]) => [each === name ? to : each, settings]),
    )
    return {file: {...file, contexts, ...(file.context === name && {context: to})}, result: undefined}
  })
}
