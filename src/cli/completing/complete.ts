/** What may stand where a word is being typed. */
import type {Bus} from '../../bus/bus.js'
import {splitCall} from '../argv.js'
import {forTerminalLine} from '../output/escape.js'
import {type Catalog, type CommandShape, type FlagShape, isCommandOrTopic, namesBehind} from './catalog.js'
import {argumentAt, type Given, readGiven} from './given.js'
import {type Kind, kindOfArgument, kindOfFlag, LISTED} from './kinds.js'
import {type Candidate, candidatesOf} from './sources.js'

export type {Candidate} from './sources.js'

export interface Completion {
  /** Whole words, the most likely first. */
  candidates: Candidate[]
  /** The word is a file's name, behind this (`--file=`): whoever asks knows best how those are completed. */
  file?: string
}

export interface Completing {
  catalog: Catalog
  /** The words in front of it, without `leat`. */
  words: readonly string[]
  /** What is there of the word itself. */
  typed: string
  /** The store, as who acts and where by these flags; undefined where there is none. Not asked for unless it is needed. */
  open(flags: {as?: string; store?: string}): Promise<Bus | undefined>
  /** The channel that is meant where none is named. */
  channel?: string
}

/** Never fails: where the store can't be looked into, there is only what is known without it. */
export async function complete(completing: Completing): Promise<Completion> {
  const {catalog, words, typed} = completing
  const {name, globals, rest} = splitCall(words, (id) => isCommandOrTopic(catalog, id))
  const command = catalog.commands.get(name.join(':'))
  const shape = command ?? {args: {}, flags: globalFlags(catalog)}
  const given = readGiven([...globals, ...rest], shape)
  const at = {...completing, name: name.join(' '), shape, given}
  if (given.behind) return {candidates: [], file: ''}
  if (given.waiting) return ofFlag(at, given.waiting, '')
  if (typed.startsWith('--') && typed.includes('=')) {
    const flag = shape.flags[typed.slice(2, typed.indexOf('='))]
    return flag?.type === 'option' ? ofFlag(at, flag, typed.slice(0, typed.indexOf('=') + 1)) : {candidates: []}
  }
  if (typed.startsWith('-')) return {candidates: fitting(flagsFor(shape, given), typed)}
  if (!command || (rest.length === 0 && catalog.topics.has(name.join(':'))))
    return {candidates: rest.length > 0 ? [] : fitting(named(catalog, name), typed)}
  const argument = argumentAt(shape, given.arguments.length)
  if (!argument) return {candidates: []}
  return argument.options
    ? {candidates: fitting(chosen(argument.options), typed)}
    : values(at, kindOfArgument(at.name, argument.name), '')
}

interface At extends Completing {
  /** The command as it is typed. */
  name: string
  shape: Pick<CommandShape, 'args' | 'flags'>
  given: Given
}

const named = (catalog: Catalog, name: readonly string[]): Candidate[] =>
  namesBehind(catalog, name).map(([value, description]) => ({value, description}))

const globalFlags = ({commands}: Catalog): CommandShape['flags'] =>
  Object.fromEntries(
    Object.entries(commands.get('status')?.flags ?? {}).filter(([, {helpGroup}]) => helpGroup === 'GLOBAL'),
  )

/** Those that may still be given, a command's own before the global ones. */
function flagsFor({flags}: At['shape'], {flags: given}: Given): Candidate[] {
  const all = Object.values(flags).filter(
    ({name, hidden, multiple, exclusive}) =>
      !hidden && (multiple || !given.has(name)) && !exclusive?.some((other) => given.has(other)),
  )
  const ordered = [...all.filter((flag) => !flag.helpGroup), ...all.filter((flag) => flag.helpGroup)]
  return [
    ...ordered.map(({name, description}) => ({value: `--${name}`, description})),
    ...ordered.flatMap(({name, description, allowNo}) => (allowNo ? [{value: `--no-${name}`, description}] : [])),
    ...ordered.flatMap(({char, description}) => (char ? [{value: `-${char}`, description}] : [])),
  ]
}

function ofFlag(at: At, flag: FlagShape, head: string): Promise<Completion> | Completion {
  if (!flag.options) return values(at, kindOfFlag(at.name, flag.name), head)
  return {candidates: fitting(behind(head, chosen(flag.options)), at.typed)}
}

const chosen = (options: readonly string[]): Candidate[] => options.map((value) => ({value}))

/** @param head what stands in front of the value in the same word: `--to=` */
async function values(at: At, kind: Kind, head: string): Promise<Completion> {
  if (kind === 'file') return {candidates: [], file: head}
  if (kind === 'help page') return {candidates: fitting(helpPages(at.catalog), at.typed)}
  const listed = LISTED[kind]
  const start = listed ? Math.max(head.length, at.typed.lastIndexOf(',') + 1) : head.length
  const typed = at.typed.slice(start)
  const found = await stored(at, listed ?? kind, typed)
  return {candidates: fitting(behind(at.typed.slice(0, start), found), at.typed, taken(at))}
}

/** What the store knows. Whatever goes wrong there (no store, a broken one, not allowed) is no answer at all. */
async function stored(at: At, kind: Kind, typed: string): Promise<Candidate[]> {
  if (kind === 'free') return []
  try {
    const bus = await at.open({as: at.given.flags.get('as')?.at(-1), store: at.given.flags.get('store')?.at(-1)})
    return bus ? await candidatesOf(kind, {bus, typed, channels: channelsOf(at)}) : []
  } catch {
    return [] // a person is typing: an error would stand in the middle of the line
  }
}

/** Of a command's arguments, those that name the channel that it is about. */
function channelsOf({name, shape, given, channel}: At): string[] {
  const named = given.arguments.flatMap(({text}, place) => {
    const argument = argumentAt(shape, place)
    const kind = argument && kindOfArgument(name, argument.name)
    return kind === 'channel' || kind === 'channels' ? text.split(',') : []
  })
  const flagged = given.flags.get('channel') ?? []
  const all = [...named, ...flagged].filter((text) => text !== '' && text !== '.')
  return all.length > 0 ? all : channel === undefined ? [] : [channel]
}

/** Arguments that are given already: of many each is given once. */
const taken = ({shape, given}: At): ReadonlySet<string> =>
  argumentAt(shape, given.arguments.length)?.multiple
    ? new Set(given.arguments.map(({text}) => text))
    : new Set<string>()

const helpPages = (catalog: Catalog): Candidate[] => [
  ...named(catalog, []),
  {value: 'exit-codes', description: 'What exit codes mean'},
  {value: 'environment', description: 'The variables that leat knows'},
  {value: 'scripting', description: 'Snippets for scripts'},
]

const behind = (head: string, candidates: readonly Candidate[]): Candidate[] =>
  candidates.map((candidate) => ({...candidate, value: head + candidate.value}))

/** Cells of a description that are shown. */
const WIDTH = 60

/** Those that go on from what was typed, each once. What a terminal would obey is left out, or spelled out in descriptions. */
function fitting(
  candidates: readonly Candidate[],
  typed: string,
  without: ReadonlySet<string> = new Set(),
): Candidate[] {
  const found = new Map<string, string>()
  for (const {value, description = ''} of candidates)
    if (value.startsWith(typed) && !without.has(value) && forTerminalLine(value) === value && !found.has(value))
      found.set(value, shortened(forTerminalLine(description)))
  return [...found].map(([value, description]) => ({value, ...(description && {description})}))
}

function shortened(text: string): string {
  const characters = [...text.trim()]
  return characters.length > WIDTH ? `${characters.slice(0, WIDTH - 1).join('')}…` : characters.join('')
}
