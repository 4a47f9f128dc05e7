/** Help: the overview by what one wants to do, a page for each command and topic, and pages on what spans commands. */
import {stripVTControlCharacters} from 'node:util'
import {type Command, CommandHelp, Help, type Interfaces} from '@oclif/core'
import {nearestName} from '../bus/nearest.js'
import {LeatError} from '../model/errors.js'
import {fitted, hung} from './help-fitting.js'
import {PAGES} from './help-pages.js'

/** A line of `leat --help`: a command or a topic, or several that a few words say enough about. */
export type HelpEntry = string | {names: readonly string[]; text: string}

/** What stands where in `leat --help`: commands, or topics with the commands in them. A test finds every command here. */
export const GROUPS: readonly {title: string; entries: readonly HelpEntry[]}[] = [
  {
    title: 'Talk',
    entries: [
      {names: ['send'], text: 'Send a message to a channel, or to several.'},
      {names: ['read'], text: 'Read what comes next at your own place.'},
      'reply',
      'follow',
      {names: ['inbox'], text: 'What is unread in all that you subscribe to.'},
    ],
  },
  {
    title: 'Ask, work',
    entries: [
      {names: ['request', 'wait'], text: 'Ask; wait for the answer, also to anything.'},
      {names: ['respond'], text: 'Answer requests, with a command for each.'},
      {names: ['work'], text: 'Work in a group: each message goes to one.'},
      {names: ['claim', 'ack', 'nack', 'extend'], text: 'Take messages by hand, finish, give back.'},
      {names: ['dead', 'scheduled'], text: 'What was given up on; what is due later.'},
    ],
  },
  {
    title: 'Look',
    entries: [
      {names: ['status', 'whoami'], text: 'What is new for you; who you are, and where.'},
      {names: ['list'], text: 'Channels: what is in them, unread, came last.'},
      {names: ['log'], text: 'What was sent; no cursor moves.'},
      {names: ['show', 'thread', 'why'], text: 'All around a message; why someone has it.'},
      'search',
      {names: ['stats', 'inspect'], text: 'How much, who lags; a full-screen browser.'},
    ],
  },
  {
    title: 'Manage',
    entries: [
      {names: ['channel'], text: 'Make, show, change, close, prune, delete them.'},
      {names: ['subscribe', 'unsubscribe'], text: 'Want a channel, in your inbox or pushed.'},
      {names: ['subscription', 'cursor'], text: 'Who wants what; the place of each reader.'},
      {names: ['conversation', 'redact'], text: 'A set across channels; content gone for good.'},
      {names: ['grant', 'revoke', 'can', 'role'], text: 'Let in, shut out, see who may do what.'},
    ],
  },
  {
    title: 'More',
    entries: [
      {names: ['serve', 'token', 'transport'], text: 'Let programs in; who is who; ways out.'},
      {names: ['deliver', 'delivery'], text: 'Push to subscribers; what became of it.'},
      {names: ['export', 'import'], text: 'Messages and all around them, as a file.'},
      {names: ['store', 'doctor'], text: 'Check, back up, restore; what is wrong here.'},
      {names: ['shell', 'completion'], text: 'A prompt for all this; TAB in your shell.'},
      {names: ['config', 'context'], text: 'What holds unless said; stores by name.'},
      {names: ['bench', 'help'], text: 'How fast it is here; help on all of it.'},
    ],
  },
]

/** Columns of the page of a command, where the terminal has them. */
const WIDTH = 100

/**
 * Help on nothing (the overview), a page, a topic or a command.
 * @param columns of the terminal, where there is one
 * @throws USAGE no such command
 */
export function helpText(config: Interfaces.Config, words: readonly string[], columns?: number): string {
  if (words.length === 0) return overview(config)
  const page = pageNamed(words)
  if (page !== undefined) return columns === undefined ? page : fitted(page, columns)
  const id = words.join(':')
  const command = config.findCommand(id)
  if (command) return commandText(config, command, Math.min(columns ?? WIDTH, WIDTH))
  const topic = config.findTopic(id)
  if (topic) return topicText(config, topic, columns)
  throw unknownCommand(config, words)
}

/** The same for programs: an object a line. @throws USAGE no such command */
export function helpObjects(config: Interfaces.Config, words: readonly string[]): object[] {
  const page = pageNamed(words)
  if (page !== undefined) return [{page: words[0], text: page}]
  const id = words.join(':')
  const command = config.findCommand(id)
  if (command) return [commandObject(config, command)]
  const inside = words.length === 0 ? visibleCommands(config) : commandsIn(config, id)
  if (inside.length === 0) throw unknownCommand(config, words)
  return inside.map(({id, summary}) => ({command: spaced(id), summary}))
}

const pageNamed = (words: readonly string[]): string | undefined =>
  words.length === 1 ? PAGES.find(({name}) => name === words[0])?.text : undefined

/** `leat --help`, within 40 lines of 80 cells. */
function overview(config: Interfaces.Config): string {
  const lines = GROUPS.flatMap(({title, entries}) => [
    '',
    ...entries.map((entry, at) => `${(at === 0 ? title : '').padEnd(11)}${entryLine(config, entry)}`),
  ])
  return [
    'leat: a message bus in one SQLite file. Channels, cursors, threads; no server.',
    '',
    'Usage: leat COMMAND [ARGUMENTS] [FLAGS]',
    ...lines,
    '',
    'Everywhere: --store --as --context --json --quiet --no-input --color',
    'More: leat COMMAND --help; leat help exit-codes, environment or scripting',
  ].join('\n')
}

const entryLine = (config: Interfaces.Config, entry: HelpEntry): string => {
  const [name, text] =
    typeof entry === 'string' ? [entry, entryText(config, entry)] : [entry.names.join(' '), entry.text]
  return `${name.padEnd(22)} ${text}`
}

const entryText = (config: Interfaces.Config, entry: string): string =>
  config.findCommand(entry)?.summary ??
  commandsIn(config, entry)
    .filter(({id, aliases}) => !aliases.includes(id))
    .map(({id}) => id.slice(entry.length + 1))
    .join(' ')

function topicText(
  config: Interfaces.Config,
  {name, description = ''}: Interfaces.Topic,
  columns = Number.POSITIVE_INFINITY,
): string {
  const commands = commandsIn(config, name).map(({id, summary = ''}) => ({typed: `leat ${spaced(id)}`, summary}))
  const width = Math.max(...commands.map(({typed}) => typed.length))
  const lines = commands.flatMap(({typed, summary}) => hung(`  ${typed.padEnd(width)}  ${summary}`, columns))
  return [description, '', 'COMMANDS', ...lines, '', `leat ${spaced(name)} COMMAND --help tells more.`].join('\n')
}

function commandText(config: Interfaces.Config, command: Command.Loadable, width: number): string {
  const page = new PageOfCommand(command, config, {...PAGE_OPTIONS, maxWidth: width})
  // oclif prints the id as it stands in the command.
  command.id = spaced(command.id)
  return stripVTControlCharacters(`${command.summary}\n\n${page.generate()}`).trimEnd()
}

const PAGE_OPTIONS: Interfaces.HelpOptions = {docopts: false, flagSortOrder: 'none'} as Interfaces.HelpOptions

/** oclif's page of a command, without the summary a second time, and with every example as one types it. */
class PageOfCommand extends CommandHelp {
  constructor(...given: ConstructorParameters<typeof CommandHelp>) {
    super(...given)
    const {render} = this
    // A template for each text takes as long as all the rest of a page, and hardly any text has something to fill in.
    this.render = (text) => (text.includes('<%') ? render(text) : text)
  }

  protected override description(): string | undefined {
    const {description, summary} = this.command
    return description === undefined || description === summary ? undefined : this.wrap(this.render(description))
  }

  protected override examples(examples: Command.Example[] | string | undefined): string | undefined {
    if (examples === undefined || examples.length === 0) return undefined
    const all = typeof examples === 'string' ? [examples] : examples
    return all.map((example) => `$ ${this.render(typeof example === 'string' ? example : example.command)}`).join('\n')
  }

  /** Those with a letter first: oclif aligns them only so. */
  protected override flags(flags: Command.Flag.Any[]): [string, string | undefined][] | undefined {
    return super.flags(flags.toSorted((a, b) => Number(!a.char) - Number(!b.char)))
  }

  protected override aliases(aliases: string[] | undefined): string | undefined {
    return super.aliases(aliases?.map(spaced))
  }

  protected override usage(): string {
    return usageOf(this.command)
  }
}

const usageOf = ({id, args, usage}: Command.Loadable): string =>
  `$ leat ${[
    spaced(id),
    ...Object.values(args)
      .filter(({hidden}) => !hidden)
      .map(argText),
    '[FLAGS]',
    // What a command takes behind its flags, `[-- COMMAND...]`, oclif knows nothing of.
    ...(typeof usage === 'string' ? [usage] : []),
  ].join(' ')}`

function argText({name, required, multiple}: Command.Arg.Any): string {
  const text = `${name.toUpperCase()}${multiple ? '...' : ''}`
  return required ? text : `[${text}]`
}

function commandObject(config: Interfaces.Config, command: Command.Loadable): object {
  const render = (text: string): string => new Help(config)['render'](text)
  return {
    command: spaced(command.id),
    summary: command.summary,
    description: command.description,
    usage: usageOf(command).slice(2),
    args: Object.values(command.args).map(({name, required = false, multiple = false, description}) => ({
      name,
      required,
      multiple,
      description,
    })),
    flags: Object.values(command.flags)
      .filter(({hidden}) => !hidden)
      .map((flag) => ({
        name: flag.name,
        char: flag.char,
        value: flag.type === 'option' ? (flag.helpValue ?? flag.options?.join('|') ?? 'VALUE') : undefined,
        repeatable: flag.type === 'option' && flag.multiple === true ? true : undefined,
        description: flag.description,
      })),
    examples: (command.examples ?? []).map((example) =>
      render(typeof example === 'string' ? example : example.command),
    ),
  }
}

/** @param words what was typed, up to the word that nobody knows */
export function unknownCommand(config: Interfaces.Config, words: readonly string[]): LeatError {
  const meant = probablyMeant(config, words).map((name) => `leat ${name}`)
  const topic = words.slice(0, -1)
  return new LeatError('USAGE', `no command "${words.join(' ')}"`, {
    hint:
      meant.length > 0 ? `did you mean ${alternatives(meant)}?` : `${['leat', ...topic].join(' ')} --help lists them`,
  })
}

/** `a, b or c`. */
const alternatives = (names: readonly string[]): string =>
  [names.slice(0, -1).join(', '), ...names.slice(-1)].filter((text) => text !== '').join(' or ')

/** The commands that were probably meant, as they are typed; none when nothing is near. */
function probablyMeant(config: Interfaces.Config, words: readonly string[]): string[] {
  const topic = words.slice(0, -1).join(':')
  const wrong = words.at(-1) ?? ''
  const names = (topic === '' ? visibleCommands(config) : commandsIn(config, topic)).map(({id}) => spaced(id))
  // `leat create` is `leat channel create`, or another command with that last word.
  const elsewhere = topic === '' ? names.filter((name) => name.endsWith(` ${wrong}`)) : []
  if (elsewhere.length > 0) return elsewhere
  if (topic === '') {
    const near = nearestName(wrong, [...names, ...config.topics.map(({name}) => spaced(name))])
    return near === undefined ? [] : [near]
  }
  const near = nearestName(
    wrong,
    names.map((name) => name.slice(topic.length + 1)),
  )
  return near === undefined ? [] : [`${spaced(topic)} ${near}`]
}

const spaced = (id: string): string => id.replaceAll(':', ' ')

const visibleCommands = (config: Interfaces.Config): Command.Loadable[] =>
  config.commands.filter(({hidden}) => !hidden).sort((a, b) => (a.id < b.id ? -1 : 1))

const commandsIn = (config: Interfaces.Config, topic: string): Command.Loadable[] =>
  visibleCommands(config).filter(({id}) => id.startsWith(`${topic}:`))
