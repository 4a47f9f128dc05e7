/** What kind of thing an argument or a flag names. Looked up by command and name, topic and name, or name alone. */

export type Kind =
  | 'actor'
  | 'actors'
  | 'channel'
  | 'channels'
  | 'claim'
  | 'conversation'
  | 'dead letter'
  | 'file'
  | 'group'
  | 'help page'
  | 'message'
  | 'permission'
  | 'permissions'
  | 'position'
  | 'reader'
  | 'role'
  | 'scheduled'
  | 'subscriber'
  | 'token'
  | 'transport'
  | 'type'
  /** Nothing that is there already: a new name, a text. */
  | 'free'

const ARGUMENTS: Readonly<Record<string, Kind>> = {
  actor: 'actor',
  actors: 'actor',
  who: 'actor',
  channel: 'channel',
  channels: 'channel',
  pattern: 'channel',
  'send channel': 'channels',
  'channel * name': 'channel',
  'channel * names': 'channel',
  'channel create name': 'free',
  message: 'message',
  messages: 'message',
  claims: 'claim',
  'dead * message': 'dead letter',
  'dead * messages': 'dead letter',
  'scheduled cancel messages': 'scheduled',
  'conversation show name': 'conversation',
  'role * name': 'role',
  'role create name': 'free',
  role: 'role',
  permission: 'permission',
  permissions: 'permissions',
  position: 'position',
  ids: 'token',
  'transport remove name': 'transport',
  package: 'file',
  file: 'file',
  script: 'file',
  'help command': 'help page',
}

const FLAGS: Readonly<Record<string, Kind>> = {
  actor: 'actor',
  as: 'actor',
  for: 'actor',
  sender: 'actor',
  to: 'actor',
  members: 'actors',
  'add-members': 'actors',
  'remove-members': 'actors',
  subscriber: 'subscriber',
  reader: 'reader',
  group: 'group',
  role: 'role',
  type: 'type',
  channel: 'channel',
  into: 'channel',
  'reply-channel': 'channel',
  'reply-to': 'message',
  ref: 'message',
  thread: 'message',
  from: 'position',
  after: 'position',
  conversation: 'conversation',
  transport: 'transport',
  egress: 'transport',
  ingress: 'transport',
  store: 'file',
  file: 'file',
  output: 'file',
  schema: 'file',
  socket: 'file',
}

/** @param command as it is typed: `channel create` */
export const kindOfArgument = (command: string, name: string): Kind => find(ARGUMENTS, command, name)
export const kindOfFlag = (command: string, name: string): Kind => find(FLAGS, command, name)

function find(table: Readonly<Record<string, Kind>>, command: string, name: string): Kind {
  const [topic = ''] = command.split(' ', 1)
  const key = [`${command} ${name}`, `${topic} * ${name}`, name].find((key) => Object.hasOwn(table, key))
  return (key !== undefined && table[key]) || 'free'
}

/** Kinds of which several may be written with commas between them, and the kind of each. */
export const LISTED: Readonly<Partial<Record<Kind, Kind>>> = {
  actors: 'actor',
  channels: 'channel',
  permissions: 'permission',
}
