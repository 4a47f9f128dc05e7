/** What is offered where, from a store in memory and the commands as they are. */
import {fileURLToPath} from 'node:url'
import {Config} from '@oclif/core'
import {beforeEach, describe, expect, test} from 'vitest'
import {type Catalog, catalogOf} from '../../../src/cli/completing/catalog.js'
import {type Completion, complete} from '../../../src/cli/completing/complete.js'
import {type World, world} from '../../bus/world.js'

const config = await Config.load({root: fileURLToPath(new URL('../../..', import.meta.url))})
const catalog: Catalog = catalogOf(config.commands, config.topics)

let around: World
beforeEach(async () => {
  around = await world()
  const alice = around.as('alice')
  await alice.createChannel('ops', {title: 'Operations'})
  await alice.createChannel('orders')
  await alice.createChannel('secret', {restricted: true})
  await alice.send('ops', {body: 'first\nline two', type: 'deploy'})
  await around.as('bob').send('ops', {body: 'second', type: 'alert', conversation: 'outage'})
  await alice.send('ops', {body: 'psst', recipient: 'carol'})
  await alice.send('secret', {body: 'hidden', type: 'hush'})
  await alice.createRole('deployers')
})

const ask = (line: string, as = 'alice', channel?: string): Promise<Completion> => {
  const words = line.split(' ')
  const typed = words.pop() ?? ''
  return complete({catalog, words, typed, channel, open: async (flags) => around.as(flags.as ?? as)})
}
const values = async (line: string, as?: string): Promise<string[]> =>
  (await ask(line, as)).candidates.map(({value}) => value)

describe('names of commands', () => {
  test.each([
    ['sen', ['send']],
    ['chan', ['channel']],
    ['channel cr', ['create']],
    ['channel sen', ['send']],
    ['--json sen', ['send']],
    ['--as bob sen', ['send']],
    ['sendx', []],
    ['nothing ', []],
    ['help sub', ['subscribe', 'subscription']],
  ])('%s → %j', async (line, expected) => {
    expect(await values(line)).toEqual(expected)
  })

  test('with what they do', async () => {
    expect((await ask('channel cr')).candidates).toEqual([
      {value: 'create', description: 'Make a channel (and the store, if it is missing).'},
    ])
  })
})

describe('flags', () => {
  test('those of the command, then the global ones', async () => {
    const all = await values('read ops -')
    expect(all.indexOf('--limit')).toBeLessThan(all.indexOf('--store'))
    expect(all).toContain('-n')
    expect(all).not.toContain('--rest')
  })

  test('not again what was given, but what may be given again', async () => {
    const all = await values('read ops --type a --peek --')
    expect(all).toContain('--type')
    expect(all).not.toContain('--peek')
    expect(all, 'excluded by --peek').not.toContain('--seek')
  })

  test.each([
    ['read ops --ty', ['--type']],
    ['serve --no-a', ['--no-auth']],
    ['--col', ['--color']],
    ['list --sort ', ['name', 'last', 'unread', 'size']],
    ['list --sort=l', ['--sort=last']],
    ['list --color a', ['auto', 'always']],
    ['send ops -m ', []],
    ['send ops -m -', []],
    ['send ops -qm o', []],
    ['read ops -n ', []],
  ])('%s → %j', async (line, expected) => {
    expect(await values(line)).toEqual(expected)
  })
})

describe('what the store knows', () => {
  test.each([
    ['send o', ['ops', 'orders']],
    ['send ops,or', ['ops,orders']],
    ['read ', ['ops', 'orders', 'secret']],
    ['channel show ops ', ['orders', 'secret']],
    ['channel create o', []],
    ['follow ops o', ['orders']],
    ['send ops o', []],
    ['show ops/', ['ops/3', 'ops/2', 'ops/1']],
    ['show op', ['ops/3', 'ops/2', 'ops/1']],
    ['show ops/2', ['ops/2']],
    ['show nowhere/', []],
    ['show ../', []],
    ['reply ops/1 -m x --type ', ['hush', 'message', 'alert', 'deploy']],
    ['log ops --type ', ['message', 'alert', 'deploy']],
    ['log --conversation ', ['outage']],
    ['send ops --reply-to ops/1', ['ops/1']],
    ['read ops --from ', ['start', 'now', 'cursor', 'ops/3', 'ops/2', 'ops/1']],
    ['--as ', ['alice', 'bob', 'carol']],
    ['log ops --sender b', ['bob']],
    ['can b', ['bob']],
    ['can bob ', ['submit', 'subscribe', 'manage']],
    ['can bob submit or', ['orders']],
    ['grant submit,', ['submit,subscribe', 'submit,manage']],
    ['role show ', ['deployers']],
    ['role add deployers ', ['alice', 'bob', 'carol']],
    ['subscribe ops --transport e', ['exec', 'email']],
  ])('%s → %j', async (line, expected) => {
    expect((await values(line)).toSorted()).toEqual(expected.toSorted())
  })

  test('groups, readers and subscribers of the channel that is named', async () => {
    const alice = around.as('alice')
    await alice.claim('ops', {group: 'thumbs'})
    await alice.subscribe('orders', {subscriber: 'dora'})
    for await (const taken of around.as('bob').read('ops', {reader: 'audit'})) await taken.commit?.()
    expect(await values('claim ops --group ')).toEqual(['thumbs'])
    expect(await values('claim orders --group ')).toEqual([])
    expect(await values('claim --group ')).toEqual(['thumbs'])
    expect(await values('ack ')).toEqual(['ops/1'])
    expect(await values('unsubscribe orders --subscriber ')).toEqual(['dora'])
    expect(await values('read ops --reader ')).toContain('audit')
  })

  test('messages newest first, with who sent what', async () => {
    expect((await ask('show ops/')).candidates[1]).toEqual({value: 'ops/2', description: 'bob: second'})
    expect((await ask('show ops/1')).candidates).toEqual([{value: 'ops/1', description: 'alice: first'}])
  })

  test('of the channel that is meant where none is named', async () => {
    await around.as('alice').send('orders', {body: 'x', type: 'sale'})
    expect((await ask('log --type ', 'alice', 'orders')).candidates.map(({value}) => value)).toEqual(['sale'])
  })

  test('only what the actor may see', async () => {
    expect(await values('read ', 'bob')).toEqual(['ops', 'orders'])
    expect(await values('show secret/', 'bob')).toEqual([])
    expect(await values('show ops/', 'bob')).toEqual(['ops/2', 'ops/1'])
    expect(await values('log --type ', 'bob')).toEqual(['alert', 'deploy'])
    expect(await values('--as alice show secret/', 'bob')).toEqual(['secret/1'])
  })
})

test('files are left to the shell, behind what stands in front of them', async () => {
  expect(await ask('send ops --file ')).toEqual({candidates: [], file: ''})
  expect(await ask('send ops --file=re')).toEqual({candidates: [], file: '--file='})
  expect(await ask('--store ')).toEqual({candidates: [], file: ''})
  expect(await ask('read ops -- ./')).toEqual({candidates: [], file: ''})
})

test('a store that fails gives what is known without it', async () => {
  const open = async (): Promise<never> => {
    throw new Error('broken')
  }
  expect(await complete({catalog, words: ['send'], typed: '', open})).toEqual({candidates: []})
  expect((await complete({catalog, words: ['send'], typed: '--ty', open})).candidates).toHaveLength(1)
})

test('what a terminal would obey is neither offered nor shown', async () => {
  const alice = around.as('alice')
  await alice.send('orders', {body: 'a\x1b[31mred\u202e', type: 'fine'})
  await alice.send('orders', {body: 'x'.repeat(500)})
  const {candidates} = await ask('show orders/')
  expect(candidates[1]?.description).toBe(String.raw`alice: a\x1b[31mred\u202e`)
  expect(candidates[0]?.description).toHaveLength(60)
})
