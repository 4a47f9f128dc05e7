/** The commands as completion sees them: from oclif's manifest, without oclif, or from its configuration where that is loaded. */
import {readFile} from 'node:fs/promises'
import {join} from 'node:path'

export interface FlagShape {
  name: string
  type: 'option' | 'boolean'
  char?: string
  description?: string
  options?: readonly string[]
  multiple?: boolean
  hidden?: boolean
  exclusive?: readonly string[]
  allowNo?: boolean
  helpGroup?: string
}

export interface ArgShape {
  name: string
  required?: boolean
  multiple?: boolean
  options?: readonly string[]
}

/** What a command looks like: oclif's own form of it has all of this. */
export interface CommandShape {
  /** `channel:create`. */
  id: string
  summary?: string
  hidden?: boolean
  aliases?: readonly string[]
  args: Readonly<Record<string, ArgShape>>
  flags: Readonly<Record<string, FlagShape>>
}

export interface TopicShape {
  name: string
  description?: string
}

export interface Catalog {
  /** By id; a command with an alias stands there twice. */
  commands: ReadonlyMap<string, CommandShape>
  topics: ReadonlyMap<string, TopicShape>
}

export function catalogOf(commands: Iterable<CommandShape>, topics: Iterable<TopicShape>): Catalog {
  const all = [...commands]
  return {
    commands: new Map([
      ...all.flatMap((command) => (command.aliases ?? []).map((alias) => [alias, command] as const)),
      ...all.map((command) => [command.id, command] as const),
    ]),
    topics: new Map([...topics].map((topic) => [topic.name, topic])),
  }
}

/** Reads the manifest of the package in `root`. Rejects where there is none. */
export async function readCatalog(root: string): Promise<Catalog> {
  const [manifest, packed] = await Promise.all(
    ['oclif.manifest.json', 'package.json'].map(async (name) => JSON.parse(await readFile(join(root, name), 'utf8'))),
  )
  const commands = Object.values(manifest.commands as Record<string, CommandShape>)
  const topics = Object.entries(packed.oclif.topics as Record<string, {description?: string}>)
  return catalogOf(
    commands,
    topics.map(([name, {description}]) => ({name, description})),
  )
}

export const isCommandOrTopic = ({commands, topics}: Catalog, id: string): boolean => commands.has(id) || topics.has(id)

/** What may stand behind the words of a topic, or first: names with what they do. */
export function namesBehind({commands, topics}: Catalog, words: readonly string[]): [string, string][] {
  const found = new Map<string, string>()
  const add = (id: string, text = ''): void => {
    const parts = id.split(':')
    const name = parts[words.length]
    if (name === undefined || words.some((word, at) => parts[at] !== word)) return
    // What ends here tells of itself; what goes on is told of by its topic.
    if (parts.length === words.length + 1 || !found.has(name)) found.set(name, found.get(name) || text)
  }
  for (const {name, description} of topics.values()) add(name, description)
  for (const [id, {hidden, summary}] of commands)
    if (!hidden) add(id, id.includes(':', words.join(':').length + 1) ? '' : summary)
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1))
}
