import {readdirSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import {expect, test} from 'vitest'
import {authenticate} from '../../src/bus/tokens.js'
import {openStore} from '../../src/store/open.js'
import {world} from './leat.js'
import {hasTerminal, terminal} from './terminal.js'

const ISO = expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
const UUID = expect.stringMatching(/^[0-9a-f-]{36}$/)

test('token create prints the secret alone, once, and the store has no trace of it', async () => {
  const {leat, store} = world()
  const made = await leat`token create --as bob`
  expect(made).toMatchObject({code: 0, stderr: ''})
  expect(made.stdout).toMatch(/^leat_[\w-]{43}\n$/)
  const secret = made.stdout.trim()
  const listed = await leat`token list --json`
  expect(listed.jsonLines()).toEqual([{id: UUID, actor: 'bob', createdAt: ISO, createdBy: 'alice'}])
  expect(listed.stdout).not.toContain(secret)
  for (const file of readdirSync(join(store, '..')))
    expect(readFileSync(join(store, '..', file)).includes(secret.slice(5))).toBe(false)
  const handle = await openStore(store, {clock: Date.now, ids: () => ''})
  expect((await authenticate({store: handle, clock: Date.now}, secret)).actor).toBe('bob')
  await handle.close()
})

test('with --json there is the token too, and it may end', async () => {
  const {leat} = world()
  const made = (await leat`token create --for bob --expires 2h --json`).json()
  expect(made).toEqual({
    token: {id: UUID, actor: 'bob', createdAt: ISO, createdBy: 'alice', expiresAt: ISO},
    secret: expect.stringMatching(/^leat_/),
  })
  expect(Date.parse(made.token.expiresAt) - Date.parse(made.token.createdAt)).toBeGreaterThan(7_190_000)
  for (const expires of ['2020-01-01', 'soon'])
    expect((await leat`token create --for bob --expires ${expires}`).code).toBe(2)
  expect((await leat`token list`).lines()).toHaveLength(1)
})

test.runIf(hasTerminal)('at a terminal it says that this is the only time', async () => {
  const {env} = world()
  const {text} = await terminal(env)`token create --for bob`
  expect(text).toMatch(/^leat_[\w-]{43}\n/)
  expect(text).toMatch(/This token of bob is shown this once\. leat token revoke [0-9a-f-]{36} ends it\./)
})

test('whom it proves and who makes it', async () => {
  const {leat} = world()
  await leat`grant manage --all --to amy`
  const makers = async () =>
    (await leat({as: 'amy'})`token list --json`).jsonLines().map(({actor, createdBy}) => [actor, createdBy])
  expect((await leat({as: 'amy'})`token create --as bob`).code).toBe(0)
  // Who is named administers the store, and $LEAT_AS doesn't.
  expect((await leat({as: 'eve'})`token create --as amy`).code).toBe(0)
  expect((await leat({as: 'eve'})`token create --for bob --as amy`).code).toBe(0)
  expect(await makers()).toEqual([
    ['bob', 'amy'],
    ['amy', 'amy'],
    ['bob', 'amy'],
  ])
  for (const words of [
    ['--as', 'bob'],
    ['--for', 'bob'],
    ['--for', 'amy', '--as', 'bob'],
    ['--for', 'eve'],
  ]) {
    const refused = await leat({as: 'eve'})`token create ${words} --json`
    expect([words, refused.code, refused.stdout, refused.error().code]).toEqual([words, 5, '', 'FORBIDDEN'])
  }
  const nobody = await leat({as: 'amy'})`token create --json`
  expect([nobody.code, nobody.error()]).toMatchObject([2, {code: 'USAGE', hint: '--for NAME'}])
})

test('token revoke ends tokens, by id or its end', async () => {
  const {leat} = world()
  const ids: string[] = []
  for (const actor of ['bob', 'bob', 'zoe']) ids.push((await leat`token create --for ${actor} --json`).json().token.id)
  await leat`grant manage --all --to amy`
  expect((await leat({as: 'bob'})`token list --json`).jsonLines().map(({id}) => id)).toEqual(ids.slice(0, 2))
  const others = await leat({as: 'bob'})`token revoke ${ids[2]} --json`
  expect([others.code, others.error()]).toMatchObject([3, {code: 'NOT_FOUND', hint: 'leat token list'}])
  expect((await leat({as: 'bob'})`token revoke ${ids[0]} --json`).json()).toMatchObject({id: ids[0], actor: 'bob'})
  expect((await leat({as: 'amy'})`token revoke ${ids[1]?.slice(-12)} ${ids[2]}`).code).toBe(0)
  expect((await leat({as: 'amy'})`token list`).stdout).toBe('')
  expect((await leat({as: 'amy'})`token revoke ${ids[1]}`).code).toBe(3)
})

test('a secret that was taken for an id is not repeated', async () => {
  const {leat} = world()
  const secret = (await leat`token create --for bob`).stdout.trim()
  const refused = await leat`token revoke ${secret} --json`
  expect([refused.code, refused.error().code]).toEqual([2, 'INVALID'])
  expect(refused.stderr).not.toContain(secret)
})
