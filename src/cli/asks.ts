/** What a word of the command line is, so that it can be offered where it is missing: `word('The channel.', {asks: 'channel'})`. */

export type Asks =
  | 'channel'
  /** A channel, or all of them as a pattern. */
  | 'channels'
  /** A channel that the subscriber subscribes to. */
  | 'subscribed'
  | 'new channel'
  | 'new name'
  | 'message'
  | 'position'
  | 'claim'
  | 'dead letter'
  | 'delivery'
  | 'scheduled'
  | 'conversation'
  | 'new conversation'
  | 'actor'
  | 'member'
  | 'permission'
  | 'permissions'
  | 'role'
  | 'new role'
  | 'token'
  | 'plug-in'
  | 'key'
  | 'value'
  | 'context'
  | 'new context'
  /** One of its `options`. */
  | 'option'
  /** Anything: a line is typed. */
  | 'text'

export interface Asked {
  asks: Asks
  /** Needed unless one of these flags is given; then it may be missing. */
  unless?: readonly string[]
}

/** Something that is missing on a command line. What doesn't say what it is, is a text. */
export interface Missing extends Asked {
  name: string
  /** An argument, else a flag. */
  arg: boolean
  description?: string
  options?: readonly string[]
}

interface Declared {
  description?: string
  required?: boolean
  options?: readonly string[]
  asks?: Asks
  unless?: readonly string[]
}

type Given = Readonly<Record<string, unknown>>

/** Arguments that have to be there and are not, in their order. */
export const missingArguments = (args: object, given: Given): Missing[] =>
  missingOf(args, given, true, ({required = false}) => required)

/** What can be asked for besides: arguments and flags of which one or another has to be there. */
export const askableBesides = (
  {args, flags}: {args: object; flags: object},
  given: {args: Given; flags: Given},
): Missing[] => {
  const wanted = ({unless}: Declared): boolean =>
    unless !== undefined && !unless.some((name) => Boolean(given.flags[name]))
  return [...missingOf(args, given.args, true, wanted), ...missingOf(flags, given.flags, false, wanted)]
}

const missingOf = (declared: object, given: Given, arg: boolean, wanted: (one: Declared) => boolean): Missing[] =>
  Object.entries(declared as Record<string, Declared>)
    .filter(([name, one]) => given[name] === undefined && wanted(one))
    .map(([name, {asks = 'text', unless, description, options}]) => ({name, arg, asks, unless, description, options}))
