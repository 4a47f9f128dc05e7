/** Who may do what, asked at the command line: the answers are those of the bus (`test/bus/acts.ts`). */
import {copyFileSync, mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {afterAll, beforeAll, expect, test} from 'vitest'
import {createBus} from '../../src/bus/bus.js'
import {openBus} from '../../src/index.js'
import {prepare} from '../bus/acting.js'
import {type Answer, rowsOn} from '../bus/acts.js'
import {type World, world} from './leat.js'

/** One of each standing that a process is started for; the others are asked on the bus and at the doors. */
const WHO = ['eve', 'rob', 'ada']

type Input = Readonly<Record<string, unknown>>

/** The command lines of acts, by operation. Acts without one are asked elsewhere. */
const COMMANDS: Readonly<Record<string, (input: Input, who: string) => unknown[]>> = {
  'message.send': ({channel, content, replyTo, replyChannel, references = []}) => [
    'send',
    [channel].flat().join(','),
    '-m',
    content,
    ...(replyTo === undefined ? [] : ['--reply-to', replyTo]),
    ...(replyChannel === undefined ? [] : ['--reply-channel', replyChannel]),
    ...[references].flat().flatMap((id) => ['--ref', id]),
  ],
  'messages.read': ({channel}, who) => ['read', channel, '--reader', `${who}.reader`, '-n', 1],
  'messages.peek': ({channel}) => ['read', channel, '--peek', '--from', 'start', '-n', 1],
  'messages.follow': ({channel}) => ['follow', channel, '--from', 'start', '--count', 1],
  'message.request': ({channel, content}) => ['request', channel, '-m', content, '--timeout', '300ms'],
  'message.reply': ({message, content}) => ['reply', message, '-m', content],
  'message.show': ({message}) => ['show', message],
  'message.thread': ({message}) => ['thread', message],
  'message.why': ({message}) => ['why', message],
  'message.redact': ({message}) => ['redact', message, '--yes'],
  'channel.show': ({channel}) => ['channel', 'show', channel],
  'channel.statistics': ({channel}) => ['stats', channel],
  'channels.list': ({pattern}) => ['list', pattern],
  'channel.update': ({channel, title}) => (title === undefined ? [] : ['channel', 'update', channel, '--title', title]),
  'channel.setState': ({channel}) => ['channel', 'close', channel],
  'channel.delete': ({channel}) => ['channel', 'delete', channel, '--yes'],
  'subscription.put': ({channel, subscriber}, who) => ['subscribe', channel, '--subscriber', subscriber ?? who],
  'claims.claim': ({channel, group}) => ['claim', channel, '--group', group],
  'deadLetters.purge': ({channel}) => ['dead', 'purge', '--all', channel, '--yes'],
  'grants.grant': ({channel, permissions, to}) => [
    'grant',
    [permissions].flat().join(','),
    channel ?? '--all',
    '--to',
    [to].flat().join(','),
  ],
  'role.create': ({role}) => ['role', 'create', role],
  'token.create': ({actor}) => ['token', 'create', '--for', actor],
}

const folder = mkdtempSync(join(tmpdir(), 'leat-acts-'))
const PREPARED = join(folder, 'prepared.db')
afterAll(() => rmSync(folder, {recursive: true, force: true}))

beforeAll(async () => {
  const {context} = await openBus({store: PREPARED, as: 'anyone', create: true})
  await prepare((actor) => createBus({...context, actor}))
  await context.store.close()
})

function prepared(): World {
  const at = world({defaultStore: false})
  copyFileSync(PREPARED, at.store)
  return at
}

test.each(WHO)('%s is told what the bus says', {timeout: 240_000}, async (who) => {
  const shared = prepared()
  const answers: [string, Answer][] = []
  const wanted: [string, Answer][] = []
  for (const {act, expected} of rowsOn('hr').filter((row) => row.who === who)) {
    const words = COMMANDS[act.op]?.(act.input, who) ?? []
    if (words.length === 0) continue
    const at = act.spoils && expected === 'ok' ? prepared() : shared
    const ended = await at.leat({as: who})`${words} --json --quiet`
    answers.push([act.name, ended.code === 0 ? 'ok' : (ended.error().code as Answer)])
    wanted.push([act.name, expected])
  }
  expect(answers).toEqual(wanted)
  expect(answers.length).toBeGreaterThan(30)
})
