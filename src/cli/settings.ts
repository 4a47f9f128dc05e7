/** The flags that describe a channel, and the settings, or the change of settings, that they make. */
import {Flags} from '@oclif/core'
import {type ChannelSettings, changeSettings, type Retention, type SettingsChange} from '../model/channel.js'
import {LeatError} from '../model/errors.js'
import {parseDuration} from '../model/time.js'
import {readTextFile} from './files.js'
import {pairs, parseCount, parseNames, parsePairs} from './flags.js'

/** An empty value takes a setting away: one way for all of them, and a script's empty variable means "none". */
const orNone =
  <T>(parse: (text: string) => T) =>
  async (text: string): Promise<T | null> =>
    text === '' ? null : parse(text)

const setting = Flags.custom<string | null>({parse: orNone((text) => text)})

export const settingsFlags = {
  title: setting({description: 'A title for people.', helpValue: 'TEXT'}),
  description: setting({description: 'What it is for.', helpValue: 'TEXT'}),
  'content-type': setting({description: 'Content type of messages that give none.', helpValue: 'TYPE'}),
  schema: Flags.custom<string | null>({parse: orNone(readSchema)})({
    description: 'JSON Schema (2020-12) that content has to fit; implies JSON.',
    helpValue: 'FILE',
  }),
  'max-age': Flags.custom<number | null>({parse: orNone(parseDuration)})({
    description: 'Messages older than this are deleted.',
    helpValue: 'DURATION',
  }),
  'max-messages': Flags.custom<number | null>({parse: orNone(parseCount)})({
    description: 'Only so many of the newest are kept.',
    helpValue: 'N',
  }),
  ingress: setting({description: 'The transport that messages come in by.', helpValue: 'TRANSPORT'}),
  egress: setting({description: 'The transport that messages go out by.', helpValue: 'TRANSPORT'}),
  meta: pairs('Anything else worth knowing (repeatable).'),
}

export interface SettingsFlags {
  title?: string | null
  description?: string | null
  'content-type'?: string | null
  schema?: string | null
  'max-age'?: number | null
  'max-messages'?: number | null
  ingress?: string | null
  egress?: string | null
  meta?: string[]
  restricted?: boolean
}

/** The settings of a new channel. @throws USAGE */
export const settingsOf = (flags: SettingsFlags): ChannelSettings => changeSettings({}, changeOf(flags, {}))

/**
 * What flags change of the settings that are there: of the retention and of the metadata, only the parts that are
 * named. @throws USAGE
 */
export function changeOf(
  flags: SettingsFlags,
  current: Pick<ChannelSettings, 'retention' | 'metadata'>,
): SettingsChange {
  const change: SettingsChange = {
    title: flags.title,
    description: flags.description,
    contentType: flags['content-type'],
    schema: flags.schema,
    ingress: flags.ingress,
    egress: flags.egress,
    restricted: flags.restricted,
    retention: retentionOf(flags, current.retention),
    metadata: metadataOf(flags, current.metadata),
  }
  return Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined))
}

function retentionOf(flags: SettingsFlags, current: Retention = {}): Retention | undefined {
  const {'max-age': maxAge, 'max-messages': maxMessages} = flags
  if (maxAge === undefined && maxMessages === undefined) return undefined
  const merged = {
    maxAge: maxAge === undefined ? current.maxAge : maxAge,
    maxMessages: maxMessages === undefined ? current.maxMessages : maxMessages,
  }
  return Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== undefined && value !== null))
}

function metadataOf(
  flags: SettingsFlags,
  current: ChannelSettings['metadata'] = {},
): Record<string, string> | undefined {
  const given = parsePairs('meta', flags.meta)
  return given && Object.fromEntries(Object.entries({...current, ...given}).filter(([, value]) => value !== ''))
}

/** Names of `--add-members`, `--remove-members` and `--members`, which replaces the list that is there. */
export function membersChange(
  flags: {members?: string; 'add-members'?: string; 'remove-members'?: string},
  current: readonly string[],
): {add: string[]; remove: string[]} | undefined {
  const {members, 'add-members': add, 'remove-members': remove} = flags
  if (members !== undefined) {
    const wanted = parseNames(members)
    return {add: wanted, remove: current.filter((name) => !wanted.includes(name))}
  }
  return add === undefined && remove === undefined
    ? undefined
    : {add: parseNames(add ?? ''), remove: parseNames(remove ?? '')}
}

/** The source text of a schema. Whether it is one is the bus's to say. @throws NOT_FOUND, INVALID, USAGE */
function readSchema(file: string): string {
  if (file === '-') throw new LeatError('USAGE', 'a schema is read from a file, not from stdin')
  return readTextFile(file)
}
