/** What shows messages at a terminal, with every colour switched off: no escape sequence comes from anywhere else then. */
import assert from 'node:assert/strict'
import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {setTimeout as pause} from 'node:timers/promises'
import {quotedWord} from '../../../src/cli/words.js'
import {BIN} from '../program.js'
import type {Room} from '../text/room.js'
import {expectHarmless} from './commands.js'

const SCREENS: readonly string[] = [
  ...[
    'status',
    'list',
    'log --all',
    'log shown --all',
    'log shown --all --raw',
    'log shown --all --json',
    'read shown --peek --all',
    'inbox --as bob',
  ],
  ...[
    "log shown --all --format '{content}|{header.subject}|{type}|{content:line}|{content:json}'",
    'search a',
    'search x --sort relevance',
    'stats',
    'stats shown',
  ],
  ...[
    'channel show shown',
    'conversation list',
    'subscription list',
    'cursor list',
    'dead list',
    'delivery list',
    'scheduled list',
    'config list',
    'context list',
  ],
  ...[
    'thread shown/1',
    'show shown/1',
    'show shown/2 --json',
    'why shown/1',
    'export shown --format md -q',
    'export shown --format csv -q',
    'export shown --format jsonl -q',
  ],
]

/** How progress is written over. */
const OWN = /\r\x1b\[K|\r(?=\n|\d+ messages)|\r$/g

export interface ScreenFigures {
  screens: number
  /** Characters that were looked at. */
  characters: number
}

/** @throws AssertionError something on a screen isn't text */
export async function onScreens(room: Room, texts: readonly string[]): Promise<ScreenFigures> {
  const {leat, inner} = room
  const shown = texts.filter((text) => text.isWellFormed() && !text.includes('\0'))
  const isLine = (text: string): boolean => !/[\u0000-\u001f\u007f-\u009f]/.test(text)
  const lines = shown.map((content) => ({
    content,
    ...(/^\S{1,100}$/.test(content) && isLine(content) && {type: content}),
    ...(isLine(content) && {headers: {subject: content}}),
  }))
  const nested = shown.slice(0, 100).map((text) => ({content: {[text]: [text]}}))
  assert.equal((await leat(['channel', 'create', 'shown', '--title', 'a \u202e\u2066b'])).code, 0)
  await leat(['subscribe', 'shown', '--subscriber', 'bob', '--from', 'start'])
  const stdin = [...lines, ...nested].map((line) => `${JSON.stringify(line)}\n`).join('')
  const sent = await leat(['send', 'shown', '--jsonl'], {stdin})
  assert.equal(sent.code, 0, sent.stderr)
  const each = lines.map((_, at) => `show shown/${at + 1}`)
  writeFileSync(join(inner, 'screens'), `${[...SCREENS, ...each].join('\n')}\n`)
  const text = await atTerminal(room, ['shell', '--keep-going', 'screens', '--color', 'never'])
  assert.doesNotMatch(text, /a bug in leat|\n {4}at /)
  expectHarmless(text.replaceAll(OWN, ''), 'screens')
  const browsed = await browse(room)
  return {screens: SCREENS.length + each.length + 1, characters: text.length + browsed}
}

/** Sequences that the browser sends itself: where to, which colours, what to erase, its modes. */
const DRAWING = /\x1b\[[\d;]*[ABCDGHJKfm]|\x1b\[\?(?:25|7|1049|2004|2026)[hl]|\x1b\[[<>=?]?\d*u|\r/g

/** Goes through all messages in the browser. How many characters it drew. */
async function browse(room: Room): Promise<number> {
  const keys = ['\x1b[6~', '\x1b[6~', '\x1b[6~', '\r', '\x1b[6~', '\x1b', '\x1b[H', '\r', '\x1b', 'q']
  const text = await atTerminal(room, ['inspect', 'shown'], keys)
  expectHarmless(text.replaceAll(DRAWING, ''), 'inspect')
  return text.length
}

/** Runs leat on a pseudo-terminal (util-linux); keys are pressed when what came before has been drawn. All that was written to it. */
async function atTerminal({inner, env}: Room, words: readonly string[], keys?: readonly string[]): Promise<string> {
  const line = [process.execPath, BIN, ...words].map(quotedWord).join(' ')
  const {CI: _, ...rest} = env
  const child = spawn('script', ['-qec', `stty cols 100 rows 40; ${line}`, '/dev/null'], {
    cwd: inner,
    env: {...rest, TERM: 'xterm-256color', SHELL: '/bin/sh'},
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  let text = ''
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
  const ended = once(child, 'close')
  if (keys) await press(child.stdin, keys, () => text.length)
  const late = setTimeout(() => child.kill('SIGKILL'), 300_000)
  await ended
  clearTimeout(late)
  assert.equal(child.signalCode, null, `${line} takes too long`)
  return text
}

/** Presses the next key when the screen has stood still. */
async function press(stdin: NodeJS.WritableStream, keys: readonly string[], drawn: () => number): Promise<void> {
  let seen = 0
  for (const key of keys) {
    for (let looks = 0; looks < 300; looks++) {
      await pause(100)
      const now = drawn()
      if (now > 0 && now === seen) break
      seen = now
    }
    stdin.write(key)
  }
}
