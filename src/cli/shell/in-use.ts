/**
 * The channel in use, in the words of a command line: `.` is its name, `./42` its message 42, and where a command's CHANNEL
 * is missing it is put in.
 */
import {LeatError} from '../../model/errors.js'
import {splitCall} from '../argv.js'
import {type Catalog, type CommandShape, isCommandOrTopic} from '../completing/catalog.js'
import {argumentAt, type Given, readGiven} from '../completing/given.js'
import {type Kind, kindOfArgument, kindOfFlag} from '../completing/kinds.js'

export interface InUse {
  catalog: Catalog
  /** The channel in use, if any. */
  channel: string | undefined
  /** Whether there is a channel of this name. */
  exists(name: string): Promise<boolean>
}

/** @param words not packed, without `leat` @throws USAGE `.`, and no channel is in use */
export async function putInUse(words: readonly string[], inUse: InUse): Promise<string[]> {
  const {name, globals, rest} = splitCall(words, (id) => isCommandOrTopic(inUse.catalog, id))
  const shape = inUse.catalog.commands.get(name.join(':'))
  if (!shape) return [...words]
  const command = name.join(' ')
  const given = readGiven(rest, shape)
  const spelled = spelledOut(rest, given, {command, shape, channel: inUse.channel})
  const place = await placeOfMissing(command, shape, given, inUse)
  const {channel} = inUse
  if (place === undefined || channel === undefined) return [...name, ...globals, ...spelled]
  const at = place === 0 ? 0 : (given.arguments[place - 1]?.at ?? -1) + 1
  return [...name, ...globals, ...spelled.slice(0, at), channel, ...spelled.slice(at)]
}

interface At {
  command: string
  shape: CommandShape
  channel: string | undefined
}

/** With every `.` and `./42` in place of a channel or a message written out. */
function spelledOut(words: readonly string[], given: Given, {command, shape, channel}: At): string[] {
  const spelled = [...words]
  const spell = (at: number, from: number, kind: Kind): void => {
    const word = words[at] as string
    const meant = meantBy(word.slice(from), kind, channel)
    if (meant !== undefined) spelled[at] = word.slice(0, from) + meant
  }
  given.arguments.forEach(({at}, place) => {
    const argument = argumentAt(shape, place)
    if (argument) spell(at, 0, kindOfArgument(command, argument.name))
  })
  for (const {flag, at, from} of given.values) spell(at, from, kindOfFlag(command, flag))
  return spelled
}

const OF_A_CHANNEL: readonly Kind[] = ['channel', 'channels']
const OF_A_MESSAGE: readonly Kind[] = ['message', 'position', 'claim', 'dead letter']

function meantBy(text: string, kind: Kind, channel: string | undefined): string | undefined {
  const isMeant =
    (OF_A_CHANNEL.includes(kind) && text === '.') || (OF_A_MESSAGE.includes(kind) && /^\.\/\d+$/.test(text))
  if (!isMeant) return undefined
  if (channel !== undefined) return channel + text.slice(1)
  throw new LeatError('USAGE', `${JSON.stringify(text)}: no channel is in use`, {hint: 'use CHANNEL takes one'})
}

/** Of these a channel that is named otherwise, or all of them, are meant. */
const ELSEWHERE = ['channel', 'thread', 'conversation']
/** Commands for which `--all` means all channels. */
const EVERYWHERE = ['grant', 'revoke']
/** Where a body is. */
const BODIES = ['message', 'file', 'edit', 'lines', 'jsonl']

/** The place among a command's arguments where its CHANNEL is missing. */
async function placeOfMissing(
  command: string,
  {args}: CommandShape,
  {arguments: given, flags, behind}: Given,
  {exists}: InUse,
): Promise<number | undefined> {
  const all = Object.values(args)
  const place = all.findIndex(({name}) => name === 'channel' || name === 'channels')
  if (place < 0 || ELSEWHERE.some((flag) => flags.has(flag))) return undefined
  if (EVERYWHERE.includes(command) && flags.has('all')) return undefined
  if (given.length === place) return place
  if (place > 0) return undefined
  // `cursor set now`: one word too few.
  if (given.length < all.filter(({required}) => required).length) return place
  // `send "hello"`: nothing but a body, since a command of the shell has no stdin that it could come from.
  const [only] = given
  const isBody = all[1]?.name === 'body' && given.length === 1 && !behind && !BODIES.some((flag) => flags.has(flag))
  return isBody && only && !(await allExist(only.text, exists)) ? place : undefined
}

async function allExist(text: string, exists: InUse['exists']): Promise<boolean> {
  if (text === '.') return true
  for (const name of text.split(',')) if (!(await exists(name.trim()))) return false
  return true
}
