/** What the channel in use makes of a line. */
import {fileURLToPath} from 'node:url'
import {Config} from '@oclif/core'
import {describe, expect, test} from 'vitest'
import {catalogOf} from '../../../src/cli/completing/catalog.js'
import {putInUse} from '../../../src/cli/shell/in-use.js'

const config = await Config.load({root: fileURLToPath(new URL('../../..', import.meta.url))})
const catalog = catalogOf(config.commands, config.topics)

const made = async (line: string, channel: string | undefined = 'ops'): Promise<string> => {
  const exists = async (name: string): Promise<boolean> => ['ops', 'audit'].includes(name)
  return (await putInUse(line.split(' '), {catalog, channel, exists})).join(' ')
}

describe('a CHANNEL that is missing is the one in use', () => {
  test.each([
    ['read', 'read ops'],
    ['read -n 3', 'read ops -n 3'],
    ['read audit', 'read audit'],
    ['log', 'log ops'],
    ['log audit', 'log audit'],
    ['log --thread audit/3', 'log --thread audit/3'],
    ['log --conversation outage', 'log --conversation outage'],
    ['follow --idle 1s', 'follow ops --idle 1s'],
    ['read -- cat', 'read ops -- cat'],
    ['subscribe --kind bot', 'subscribe ops --kind bot'],
    ['cursor list', 'cursor list ops'],
    ['cursor list --channel audit', 'cursor list --channel audit'],
    ['cursor set now', 'cursor set ops now'],
    ['cursor set audit now', 'cursor set audit now'],
    ['can bob submit', 'can bob submit ops'],
    ['can bob', 'can bob'],
    ['grant submit --to bob', 'grant submit ops --to bob'],
    ['grant submit --to bob --all', 'grant submit --to bob --all'],
    ['show audit/3', 'show audit/3'],
    ['list', 'list'],
    ['whoami', 'whoami'],
    ['channel delete', 'channel delete'],
    ['nothing', 'nothing'],
  ])('%s → %s', async (line, expected) => {
    expect(await made(line)).toBe(expected)
  })
})

describe('one word behind send or request is the body, unless it names a channel', () => {
  test.each([
    ['send hello', 'send ops hello'],
    ['channel send hello', 'channel send ops hello'],
    ['request hello', 'request ops hello'],
    ['send audit', 'send audit'],
    ['send ops,audit', 'send ops,audit'],
    ['send ops,nowhere', 'send ops ops,nowhere'],
    ['send audit hello', 'send audit hello'],
    ['send nowhere hello', 'send nowhere hello'],
    ['send -m hello', 'send ops -m hello'],
    ['send nowhere -m hello', 'send nowhere -m hello'],
    ['send nowhere --file a', 'send nowhere --file a'],
    ['send hello --type greet', 'send ops hello --type greet'],
    ['send -- -x', 'send ops -- -x'],
    ['reply audit/1', 'reply audit/1'],
  ])('%s → %s', async (line, expected) => {
    expect(await made(line)).toBe(expected)
  })
})

describe('. is the channel in use, ./N a message of it', () => {
  test.each([
    ['send . hello', 'send ops hello'],
    ['send ops .', 'send ops .'],
    ['channel show .', 'channel show ops'],
    ['channel delete . audit', 'channel delete ops audit'],
    ['show ./42', 'show ops/42'],
    ['reply ./42 ./42', 'reply ops/42 ./42'],
    ['send audit -m x --reply-to ./42', 'send audit -m x --reply-to ops/42'],
    ['send audit -m . --ref=./42', 'send audit -m . --ref=ops/42'],
    ['work audit --into . -- cat .', 'work audit --into ops -- cat .'],
    ['ack ./3 ./4', 'ack ops/3 ops/4'],
    ['cursor set . ./3', 'cursor set ops ops/3'],
    ['send audit --file ./42', 'send audit --file ./42'],
  ])('%s → %s', async (line, expected) => {
    expect(await made(line)).toBe(expected)
  })
})

test('where none is in use, nothing is put in', async () => {
  const without = (line: string): Promise<string[]> =>
    putInUse(line.split(' '), {catalog, channel: undefined, exists: async () => false})
  expect(await without('read')).toEqual(['read'])
  expect(await without('send hello')).toEqual(['send', 'hello'])
  await expect(without('show ./42')).rejects.toMatchObject({code: 'USAGE', message: '"./42": no channel is in use'})
})
