import {describe, expect, test} from 'vitest'
import {type Filled, filled} from './filled.js'
import type {Result} from './leat.js'
import {hasTerminal, terminal} from './terminal.js'

const ISO = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)

/** bob subscribes to audit and ops; alice sends twelve messages to ops, two to audit, one to a third channel. */
async function mail(): Promise<Filled> {
  const made = await filled(0)
  const [alice, bob] = [await made.bus(), await made.bus('bob')]
  for (const name of ['audit', 'third']) await alice.createChannel(name)
  for (const name of ['ops', 'audit']) await bob.subscribe(name)
  for (let count = 1; count <= 12; count++) await alice.send('ops', {body: String(count)})
  for (const body of ['a', 'b']) await alice.send('audit', {body})
  await alice.send('third', {body: 'c'})
  return made
}

const places = (result: Result): string[] => result.jsonLines().map(({channel, seq}) => `${channel}/${seq}`)

describe('inbox', () => {
  test('gives what is unread, by channel, ten of each, once', async () => {
    const {leat} = await mail()
    const first = await leat({as: 'bob'})`inbox --json`
    expect(first.stderr).toBe('')
    expect(places(first)).toEqual(['audit/1', 'audit/2', ...Array.from({length: 10}, (_, at) => `ops/${at + 1}`)])
    expect(places(await leat({as: 'bob'})`inbox -n 1 --json`)).toEqual(['ops/11'])
    expect(places(await leat({as: 'bob'})`inbox --all --json`)).toEqual(['ops/12'])
    expect(await leat({as: 'bob'})`inbox`).toMatchObject({code: 0, stdout: '', stderr: ''})
    expect((await leat({as: 'bob'})`cursor show ops --json`).json().cursor).toBe(12)
    expect(await leat({as: 'bob'})`read ops`).toMatchObject({stdout: ''})
  })

  test('--counts moves nothing', async () => {
    const {leat} = await mail()
    for (let round = 0; round < 2; round++)
      expect((await leat({as: 'bob'})`inbox --counts --json`).jsonLines()).toEqual([
        {channel: 'audit', unread: 2, lastTime: ISO},
        {channel: 'ops', unread: 12, lastTime: ISO},
      ])
    expect((await leat({as: 'bob'})`inbox --counts`).lines().map((line) => line.split('\t'))).toEqual([
      ['audit', '2', ISO],
      ['ops', '12', ISO],
    ])
    await leat({as: 'bob'})`inbox --all`
    expect(await leat({as: 'bob'})`inbox --counts`).toMatchObject({code: 0, stdout: ''})
    expect((await leat({as: 'bob'})`inbox --counts --fail-empty`).code).toBe(4)
    expect((await leat({as: 'bob'})`inbox --counts --all`).code).toBe(2)
  })

  test('own messages, direct ones of others and unwanted types are left out, in the count too', async () => {
    const {leat} = await filled(0)
    await leat({as: 'bob'})`subscribe ops --type alert`
    await leat`send ops quiet`
    await leat`send ops -m "for carol" --to carol --type alert`
    await leat({as: 'bob'})`send ops mine --type alert`
    expect((await leat({as: 'bob'})`inbox --counts`).stdout).toBe('')
    expect((await leat({as: 'bob'})`inbox --fail-empty`).code).toBe(4)
    await leat`send ops -m "for bob" --to bob --type alert`
    await leat`send ops loud --type alert`
    expect((await leat({as: 'bob'})`inbox --counts --json`).json()).toMatchObject({channel: 'ops', unread: 2})
    expect((await leat({as: 'bob'})`inbox --format {content}`).stdout).toBe('for bob\nloud\n')
  })

  test('a reader of its own', async () => {
    const {leat} = await mail()
    const other = await leat({as: 'bob'})`inbox --reader phone -n 1 --json`
    expect(places(other)).toEqual(['audit/1', 'ops/1'])
    expect(other.stderr).toBe(
      'phone is new to audit and starts at the beginning: 2 unread\nphone is new to ops and starts at the beginning: 12 unread\n',
    )
    expect(places(await leat({as: 'bob', env: {LEAT_READER: 'phone'}})`inbox -n 1 --json`)).toEqual([
      'audit/2',
      'ops/2',
    ])
    expect(
      (await leat({as: 'bob'})`inbox --counts --reader phone`).lines().map((line) => line.split('\t').slice(0, 2)),
    ).toEqual([['ops', '10']])
    expect(places(await leat({as: 'bob'})`inbox --all --json`)).toHaveLength(14)
  })

  test('forms of output', async () => {
    const {leat} = await mail()
    await leat({as: 'bob'})`cursor set ops 11`
    expect((await leat({as: 'bob'})`inbox -n 1 --raw`).stdout).toBe('a\n12\n')
    expect((await leat({as: 'bob'})`inbox --raw -0`).stdout).toBe('b\0')
    await leat`send ops -m ${'x\ty'}`
    expect((await leat({as: 'bob'})`inbox`).lines()).toEqual([
      expect.stringMatching(/^[0-9a-f-]{36}\tops\t13\t\S+\talice\tmessage\tx\\ty$/),
    ])
  })

  test('--wait', async () => {
    const {leat} = await mail()
    await leat({as: 'bob'})`inbox --all`
    const none = await leat({as: 'bob'})`inbox --wait 300ms --json`
    expect([none.code, none.stdout, none.error().code]).toEqual([4, '', 'TIMEOUT'])
    const waiting = leat({as: 'bob'})`inbox --wait 20s --json`
    await leat`send third no`
    await leat`send audit yes`
    expect(places(await waiting)).toEqual(['audit/3'])
  })

  test('who is subscribed to nothing is told how to', async () => {
    const {leat} = await mail()
    const told = 'carol is not subscribed to anything; leat subscribe CHANNEL\n'
    expect(await leat({as: 'carol'})`inbox`).toMatchObject({code: 0, stdout: '', stderr: told})
    expect(await leat({as: 'carol'})`inbox --counts --json`).toMatchObject({code: 0, stdout: '', stderr: told})
    expect((await leat({as: 'carol'})`inbox --fail-empty`).code).toBe(4)
    expect((await leat({as: 'carol'})`inbox --quiet`).stderr).toBe('')
  })
})

test.skipIf(!hasTerminal)('at a terminal: a heading a channel, a footer where the limit cut', async () => {
  const {env} = await mail()
  const bob = {env: {LEAT_AS: 'bob'}}
  const when = / {2,}(now|\d+s)/g
  expect((await terminal(env, bob)`inbox -n 1`).text.replace(when, '  T')).toBe(
    [
      'audit',
      'audit/1  alice  T  a',
      '1 of 2 unread; leat inbox --all',
      '',
      'ops',
      'ops/1    alice  T  1',
      '1 of 12 unread; leat inbox --all',
      '',
    ].join('\n'),
  )
  expect((await terminal(env, bob)`inbox -n 1 --format {seq}`).text).toBe('2\n2\n1 of 11 unread; leat inbox --all\n')
  expect((await terminal(env, bob)`inbox --counts`).text.replace(/ +(now|\d+s)/g, '  T')).toBe(
    'CHANNEL  UNREAD  LAST\nops          10  T\n',
  )
  expect((await terminal(env, bob)`inbox --all --quiet`).code).toBe(0)
  expect((await terminal(env, bob)`inbox`).text).toBe('nothing new in your inbox\n')
})
