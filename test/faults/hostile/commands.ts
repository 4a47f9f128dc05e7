/** Hostile text as a word of every command, many in one process: stored as it is, or refused in one line. */
import assert from 'node:assert/strict'
import {writeFileSync} from 'node:fs'
import {join, resolve, sep} from 'node:path'
import {quotedWord} from '../../../src/cli/words.js'
import {each} from '../program.js'
import type {Room} from '../text/room.js'

/** A command, Q where the text stands. */
const COMMANDS: readonly string[] = [
  ...['send ops -m Q', 'send ops x --type Q', 'send ops x --header a=Q', 'send ops x --header Q=v', 'send ops -J -m Q'],
  ...['send ops x --conversation Q', 'send ops x --correlation-id Q', 'send ops x --key Q', 'send ops x --to Q'],
  ...[
    'send ops x --reply-channel Q',
    'send ops x --reply-to Q',
    'send ops x --ref Q',
    'send ops x --id Q',
    'send ops x --in Q',
  ],
  ...[
    'send ops x --content-type Q',
    'send ops x --expires Q',
    'send ops x --as Q',
    'send Q x',
    'send -- ops Q',
    'reply ops/1 -m Q',
  ],
  ...[
    'channel create Q',
    'channel show Q',
    'channel update ops --title Q',
    'channel update ops --description Q',
    'channel rename Q x',
  ],
  ...[
    'channel update ops --metadata a=Q',
    'channel update ops --schema Q',
    'channel update ops --content-type Q',
    'channel prune Q --keep 1',
  ],
  ...[
    'channel update ops --max-age Q',
    'conversation create Q',
    'conversation create c --title Q',
    'conversation show Q',
    'list Q',
  ],
  ...[
    'read ops --peek --reader Q',
    'read ops --peek --as Q',
    'read ops --from Q',
    'read ops --peek --type Q',
    'read Q --peek',
    'inbox --as Q',
  ],
  ...[
    'log Q',
    'log ops --format Q',
    'log ops --grep Q',
    'log ops --where Q',
    'log ops --sender Q',
    'log ops --since Q',
    'log ops --thread Q',
  ],
  ...[
    'search Q',
    'search -- Q',
    'search a --type Q --sender Q --channel Q',
    'search a --where Q',
    'show Q',
    'thread Q',
    'why Q',
    'why ops/1 Q',
  ],
  ...[
    'stats Q',
    'stats ops --since Q',
    'follow ops --idle 1ms --where Q',
    'follow Q --idle 1ms',
    'follow ops --idle 1ms --format Q',
  ],
  ...[
    'subscribe Q',
    'subscribe ops --subscriber Q',
    'subscribe ops --endpoint Q',
    'subscribe ops --transport Q',
    'subscribe ops --type Q',
  ],
  ...[
    'subscribe ops --subscriber mail --transport email --endpoint Q',
    'subscribe ops --subscriber web --transport http --endpoint Q',
  ],
  ...[
    'unsubscribe ops --subscriber Q',
    'subscription list Q',
    'cursor set ops Q',
    'cursor set ops now --reader Q',
    'cursor commit Q',
  ],
  ...[
    'claim ops --group Q',
    'claim ops --lease Q',
    'claim Q',
    'ack Q',
    'nack Q',
    'nack ops/1 --reason Q',
    'extend Q --lease 1s',
  ],
  ...[
    'dead list Q',
    'dead show Q',
    'delivery list Q',
    'delivery show Q',
    'scheduled cancel Q',
    'redact Q',
    'wait Q --timeout 1ms',
  ],
  ...[
    'role create Q',
    'role add staff Q',
    'grant send ops --to Q',
    'grant send ops --role Q',
    'grant Q ops --to bob',
    'can Q send ops',
    'token create --as Q',
  ],
  ...[
    'token revoke Q',
    'config get Q',
    'config set Q x',
    'config set actor Q',
    'config set smtp.url Q',
    'config unset Q',
    'context add Q --store x.db',
  ],
  ...[
    'context use Q',
    'context show Q',
    'list --context Q',
    'completion Q',
    'help Q',
    'transport list Q',
    'Q',
    'channel Q',
    'list --color Q',
  ],
  ...[
    'export ops --where Q --format jsonl',
    'export Q',
    'export ops --output Q',
    'import Q',
    'import in.jsonl --channel ops=Q',
    'store backup Q',
  ],
  ...[
    'store check --store Q',
    'list --store Q',
    'send ops x --create --store Q',
    'send ops --file Q',
    'config set store Q',
    'context add x --store Q',
  ],
]

/** Where the text names a file that may be read or written: it stays in the room. */
const NAMES_A_FILE = /--output|^import Q|^store backup|--store Q|--file|^config set store|--schema|^export Q/

/** What somebody who commands leat may have it do. */
const OWN_PROGRAMS = /^Q$/

export interface CommandFigures {
  commands: number
  tried: number
}

/** Of these content comes as it is, where it is asked for as it is. */
const AS_IT_IS = /--format|^export|^channel show|^help|^completion/

/** Flags among the texts for which NULs, colours and content as it is are right. */
const ASKS_FOR_CONTROLS: readonly string[] = ['-0', '--color=always', '--raw']

/** What changes how the next command is understood stands by itself. */
const BY_ITSELF = /config|context|store|--create/

/** Commands that are run in one process, and lines of it: a store that grows for ever only takes longer. */
const TOGETHER = 16
const LINES = 2_000

/** @throws AssertionError a bug, a control character, a code that says something else than what went wrong */
export async function inCommands(room: Room, texts: readonly string[]): Promise<CommandFigures> {
  const scripts = together().flatMap((commands) => {
    const lines = commands.flatMap((command) =>
      texts.filter((text) => fits(room, command, text)).map((text) => command.replaceAll('Q', () => quoted(text))),
    )
    const what = commands.join(', ')
    const parts = Array.from({length: Math.ceil(lines.length / LINES)}, (_, at) =>
      lines.slice(at * LINES, (at + 1) * LINES),
    )
    return parts.map((part) => ({what, lines: part}))
  })
  await each(scripts.entries(), 4, ([at, {what, lines}]) => runLines(room, {at, what, lines}))
  return {commands: COMMANDS.length, tried: scripts.reduce((sum, {lines}) => sum + lines.length, 0)}
}

/** Each script has a store and a configuration of its own. */
async function runLines(
  room: Room,
  {at, what, lines}: {at: number; what: string; lines: readonly string[]},
): Promise<void> {
  const file = join(room.inner, `commands-${at}`)
  const first = ['channel create ops', `send ops -J '{"a":1}'`]
  writeFileSync(file, `${[...first, ...lines].join('\n')}\n`)
  const home = join(room.folder, `home-${at}`)
  const env = {XDG_DATA_HOME: join(home, 'data'), XDG_CONFIG_HOME: join(home, 'config')}
  const {code, stdout, stderr} = await room.leat(['shell', '--keep-going', file], {env})
  assert.ok([0, 2, 3, 4, 5, 6, 7, 9].includes(code), `${what}: exit ${code}: ${stderr.slice(0, 500)}`)
  const bug = stderr.search(/a bug in leat|\n {4}at /)
  assert.equal(bug, -1, `${what}: ${stderr.slice(Math.max(0, bug - 300), bug + 300)}`)
  expectHarmless(stderr, `${what}, stderr`)
  // In a pipe a field keeps the marks of what is written from right to left: there they belong to a name.
  if (!AS_IT_IS.test(what)) expectHarmless(`${stdout}`.replace(RIGHT_TO_LEFT, ''), `${what}, stdout`)
}

function together(): string[][] {
  const alone = COMMANDS.filter((command) => BY_ITSELF.test(command) || command === 'Q')
  const rest = COMMANDS.filter((command) => !alone.includes(command))
  const [exact, others] = [
    rest.filter((command) => AS_IT_IS.test(command)),
    rest.filter((command) => !AS_IT_IS.test(command)),
  ]
  const parts = [exact, others].flatMap((list) =>
    Array.from({length: Math.ceil(list.length / TOGETHER)}, (_, at) => list.slice(at * TOGETHER, (at + 1) * TOGETHER)),
  )
  return [...parts, ...alone.map((command) => [command])]
}

function fits({inner, folder}: Room, command: string, text: string): boolean {
  // A line has no NUL, and what looks like a flag is one.
  if (text.includes('\0') || !text.isWellFormed() || ASKS_FOR_CONTROLS.includes(text)) return false
  if (OWN_PROGRAMS.test(command)) return !/^\s*$|^!/.test(text)
  if (!NAMES_A_FILE.test(command)) return true
  const named = /^[a-z]+:/i.test(text) ? text.replace(/^[a-z]+:\/*/i, '') : text
  return [text, named].every((path) => resolve(inner, path).startsWith(`${folder}${sep}`)) && !text.startsWith('~')
}

/** In a shell's quotes, empty ones too. */
const quoted = (text: string): string => (text === '' ? "''" : quotedWord(text))

const RIGHT_TO_LEFT = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g
const HARMFUL = /[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/

/** @throws AssertionError there is something in it that a terminal obeys */
export function expectHarmless(text: string, what: string): void {
  const at = text.search(HARMFUL)
  assert.equal(at, -1, `${what}: ${JSON.stringify(text.slice(Math.max(0, at - 100), at + 20))}`)
}
