import {readFileSync} from 'node:fs'
import {expect, test} from 'vitest'
import {world} from './leat.js'
import {hasTerminal, terminal} from './terminal.js'

async function withSecret() {
  const made = world()
  await made.leat`channel create ops`
  await made.leat`channel create audit`
  const id = (
    await made.leat`send ops,audit ${'password: hunter2'} --header token=abc123 --type note --key k`
  ).stdout.trim()
  return {...made, id}
}

test('content and headers go, everywhere; the message stays', async () => {
  const {leat, id, store} = await withSecret()
  const done = await leat`redact ops/1 --yes --json`
  expect(done).toMatchObject({code: 0, stderr: ''})
  expect(done.json()).toEqual({
    id,
    places: [
      {channel: 'ops', seq: 1},
      {channel: 'audit', seq: 1},
    ],
    redactedAt: expect.stringMatching(/Z$/),
    redactedBy: 'alice',
  })
  for (const channel of ['ops', 'audit']) {
    const [message] = (await leat`log ${channel} --json`).jsonLines()
    expect(message).toMatchObject({id, type: 'note', key: 'k', redactedBy: 'alice'})
    expect(message).not.toHaveProperty('content')
    expect(message).not.toHaveProperty('headers')
    expect((await leat`log ${channel}`).stdout).toMatch(/\talice\tnote\t\n$/)
  }
  expect((await leat`log -g hunter2 --json`).stdout).toBe('')
  expect((await leat`list --json`).stdout).not.toContain('hunter2')
  expect(readFileSync(store).includes('hunter2')).toBe(false)
})

test('again changes nothing; off a terminal there is nothing to print', async () => {
  const {leat} = await withSecret()
  expect(await leat`redact ops/1 -y`).toMatchObject({code: 0, stdout: '', stderr: ''})
  const first = (await leat`show ops/1 --json`).json()
  expect(await leat({as: 'alice'})`redact ops/1 --yes`).toMatchObject({code: 0})
  expect((await leat`show ops/1 --json`).json().redactedAt).toBe(first.redactedAt)
})

test('needs --yes where nobody can be asked', async () => {
  const {leat} = await withSecret()
  expect(await leat`redact ops/1`).toMatchObject({
    code: 2,
    stdout: '',
    stderr: 'leat: redact ops/1, audit/1 by alice needs --yes when nobody can be asked\n',
  })
  expect((await leat`show ops/1 --raw`).stdout).toBe('password: hunter2')
})

test('is for the sender and those who manage the channel', async () => {
  const {leat} = await withSecret()
  await leat({as: 'bob'})`send ops mine`
  expect(await leat({as: 'carol'})`redact ops/2 --yes`).toMatchObject({code: 5, stdout: ''})
  expect((await leat({as: 'carol'})`redact ops/2 --yes --json`).error()).toMatchObject({code: 'FORBIDDEN'})
  expect((await leat`show ops/2 --raw`).stdout).toBe('mine')
  expect(await leat({as: 'bob'})`redact ops/2 --yes`).toMatchObject({code: 0})
  expect(await leat`redact ops/99 --yes`).toMatchObject({code: 3, stdout: ''})
})

test.skipIf(!hasTerminal)('asks at a terminal, and no is the default', async () => {
  const {leat, env} = await withSecret()
  const no = await terminal(env, {answer: ''})`redact ops/1`
  expect(no.code).toBe(2)
  expect(no.text).toContain('Redact ops/1, audit/1 by alice?')
  expect(no.text).toContain('leat: nothing was done')
  expect((await leat`show ops/1 --raw`).stdout).toBe('password: hunter2')
  const yes = await terminal(env, {answer: 'y'})`redact ops/1`
  expect(yes.code).toBe(0)
  expect(yes.text).toContain('redacted ops/1, audit/1 by alice')
  expect((await leat`show ops/1 --raw`).stdout).toBe('')
})
