/** Keys, values, contexts and plug-ins to pick or type. */
import {LeatError} from '../../model/errors.js'
import {contextRows} from '../configuration/contexts.js'
import {configFilePath, readConfigFile} from '../configuration/file.js'
import {CONFIG_KEYS} from '../configuration/keys.js'
import {configKey, masked, valueFor} from '../configuration/values.js'
import {installedPlugins} from '../plugins.js'
import {type Ask, type Asking, offersIn, picked} from './asking.js'
import {columns} from './fitting.js'
import {choose, line, yesOrNo} from './inquire.js'
import {named} from './names.js'

const fileOf = ({env}: Asking) => readConfigFile(configFilePath(env))

const shownIn = (settings: Readonly<Record<string, unknown>>, key: string): string => {
  const value = settings[key]
  return typeof value === 'string' ? (masked({key, value}).value ?? '') : ''
}

/** With what the file says, or the context that `--context` names. */
export const askKey: Ask = async (asking) => {
  const {values, contexts} = await fileOf(asking)
  const context = asking.flags['context'] as string | undefined
  const settings = (context ? contexts[context] : values) ?? {}
  const lines = columns(CONFIG_KEYS.map(({key}) => [key, shownIn(settings, key)]))
  return {
    word: await choose(asking, {
      message: 'Which key?',
      offers: offersIn(CONFIG_KEYS, lines, ({key}) => ({value: key})),
    }),
  }
}

const CHOICES: Readonly<Record<string, readonly string[]>> = {
  color: ['auto', 'always', 'never'],
  prompts: ['on', 'off'],
}

export const askValue: Ask = async (asking) => {
  const key = configKey(asking.args['key'] as string)
  const choices = CHOICES[key.key]
  const message = `Value of ${key.key}?`
  if (choices) return {word: await choose(asking, {message, offers: choices.map((value) => ({value, label: value}))})}
  return {word: await line(asking, {message, check: (text) => refused(() => valueFor(key, text, asking.env))})}
}

export const askContext: Ask = async (asking) => {
  const rows = contextRows(await fileOf(asking))
  const lines = columns(
    rows.map(({context, current, settings}) => [
      context,
      current ? 'current' : '',
      settings['actor'] ?? '',
      settings['store'] ?? '',
    ]),
  )
  return picked(asking, {
    message: 'Which context?',
    offers: offersIn(rows, lines, ({context}) => ({value: context})),
    none: {message: 'there are no contexts', hint: 'leat context add NAME --store PATH makes one'},
  })
}

/** A short form; what flags say is not asked. */
export const askNewContext: Ask = async (asking) => {
  const {contexts} = await fileOf(asking)
  const taken = (name: string): boolean => Object.hasOwn(contexts, name)
  const word = await named(asking, {message: 'Name of the context?', kind: 'context', taken})
  if (asking.id !== 'context:add') return {word}
  const flags: string[] = []
  for (const [flag, key, message, empty] of [
    ['store', 'store', 'Path of its store?', 'Enter: the usual one'],
    ['as', 'actor', 'Who acts?', 'Enter: whoever it is'],
  ] as const) {
    if (asking.flags[flag] !== undefined) continue
    const check = (text: string) => refused(() => valueFor(configKey(key), text, asking.env))
    const text = await line(asking, {message, empty, check})
    if (text !== '') flags.push(`--${flag}=${text}`)
  }
  if (!asking.flags['use'] && (await yesOrNo(asking, 'Make it the current one?', true))) flags.push('--use')
  return {word, flags}
}

export const askPlugin: Ask = async (asking) => {
  const plugins = await installedPlugins(asking.config)
  return picked(asking, {
    message: 'Which plug-in?',
    offers: plugins.map(({name}) => ({value: name, label: name})),
    none: {message: 'there are no plug-ins', hint: 'leat transport add PACKAGE adds one'},
  })
}

function refused(check: () => unknown): string | undefined {
  try {
    check()
    return undefined
  } catch (error) {
    if (error instanceof LeatError) return error.hint === undefined ? error.message : `${error.message}; ${error.hint}`
    throw error
  }
}
