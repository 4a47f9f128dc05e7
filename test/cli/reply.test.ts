import {writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {describe, expect, test} from 'vitest'
import {world} from './leat.js'

const ID = '019aa3f0-7b1a-7c3d-8e2f-0123456789ab'

/** A world with a channel and alice's question in it. */
async function withQuestion(flags = '') {
  const made = world()
  await made.leat`channel create ops`
  const id = (await made.leat`send ops question ${flags === '' ? [] : flags.split(' ')}`).stdout.trim()
  const last = async (channel = 'ops') => (await made.leat`log ${channel} -n 1 --json`).json()
  return {...made, id, last}
}

test('a reply stands in the thread of its message, in its channel', async () => {
  const {leat, id, last} = await withQuestion('--conversation outage --correlation-id c-1')
  const sent = await leat({as: 'bob'})`reply ops/1 answer --json`
  expect(sent).toMatchObject({code: 0, stderr: ''})
  expect(sent.json()).toEqual({
    id: expect.any(String),
    thread: id,
    time: expect.any(String),
    sent: [{channel: 'ops', seq: 2}],
  })
  expect(await last()).toEqual({
    seq: 2,
    id: sent.json().id,
    channel: 'ops',
    sender: 'bob',
    type: 'message',
    content: 'answer',
    contentType: 'text/plain',
    time: sent.json().time,
    replyTo: id,
    thread: id,
    conversation: 'outage',
    correlationId: 'c-1',
  })
  await leat`reply ops/2 thanks`
  expect(await last()).toMatchObject({content: 'thanks', replyTo: sent.json().id, thread: id})
})

test('off a terminal it prints the id alone, with --quiet nothing', async () => {
  const {leat} = await withQuestion()
  expect(await leat`reply ops/1 answer`).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^[0-9a-f-]{36}\n$/),
    stderr: '',
  })
  expect(await leat`reply ops/1 answer -q`).toMatchObject({code: 0, stdout: '', stderr: ''})
})

test('a message is named by its place, its id, or the end of its id', async () => {
  const {leat, id} = await withQuestion()
  for (const ref of ['ops/1', id, id.slice(-8), id.toUpperCase(), id.slice(-12)])
    expect((await leat`reply ${ref} answer --json`).json(), ref).toMatchObject({thread: id})
})

test('where an answer is expected elsewhere it goes there, to whoever asked', async () => {
  const {leat, id, last} = await withQuestion('--reply-channel answers --correlation-id c-7')
  await leat`channel create answers`
  expect((await leat({as: 'bob'})`reply ops/1 done --json`).json().sent).toEqual([{channel: 'answers', seq: 1}])
  expect(await last('answers')).toMatchObject({
    replyTo: id,
    thread: id,
    correlationId: 'c-7',
    recipient: 'alice',
    sender: 'bob',
  })
})

test('an answer to a direct message stays between the two', async () => {
  const {leat, last} = await withQuestion('--to bob')
  await leat({as: 'bob'})`reply ops/1 secret`
  expect(await last()).toMatchObject({recipient: 'alice', content: 'secret'})
  await leat`reply ops/2 thanks`
  expect(await last()).toMatchObject({recipient: 'bob'})
  expect((await leat({as: 'carol'})`log ops --json`).stdout).toBe('')
  expect(await leat({as: 'carol'})`reply ops/1 x`).toMatchObject({code: 3, stdout: ''})
})

test('an error reply has the type that says so, and nothing else may have it', async () => {
  const {leat, last} = await withQuestion()
  await leat({as: 'bob'})`reply ops/1 --error -m ${'no such host'}`
  expect(await last()).toMatchObject({type: 'leat.error', content: 'no such host'})
  expect(await leat`reply ops/1 x --error --type t`).toMatchObject({code: 2, stdout: ''})
  expect((await leat({as: 'bob'})`reply ops/1 x --type leat.error --json`).error()).toMatchObject({code: 'FORBIDDEN'})
})

test('the flags of a message', async () => {
  const {leat, last} = await withQuestion()
  await leat`reply ops/1 -m ${'{"ok": true}'} -J --type done --header host=db1 --ref ops/1 --id ${ID} --key k --to bob`
  expect(await last()).toMatchObject({
    id: ID,
    type: 'done',
    content: {ok: true},
    contentType: 'application/json',
    headers: {host: 'db1'},
    key: 'k',
    recipient: 'bob',
  })
  const again =
    await leat`reply ops/1 -m ${'{"ok": true}'} -J --type done --header host=db1 --ref ops/1 --id ${ID} --key k --to bob --json`
  expect(again.json()).toMatchObject({id: ID, duplicate: true, sent: [{channel: 'ops', seq: 2}]})
  expect((await leat`reply ops/1 other --id ${ID} --json`).error()).toMatchObject({code: 'CONFLICT'})
})

describe('the body', () => {
  test('comes from the argument, -m, stdin or a file', async () => {
    const {leat, dir} = await withQuestion()
    writeFileSync(join(dir, 'a.txt'), 'from a file\n')
    await leat`reply ops/1 argument`
    await leat`reply ops/1 -m --dash`
    await leat({stdin: 'from stdin\n'})`reply ops/1`
    await leat({stdin: 'from stdin\n'})`reply ops/1 - --chomp`
    await leat`reply ops/1 --file a.txt`
    await leat`reply ops/1 -- -behind`
    const contents = (await leat`log ops --after ops/1 --json`).jsonLines().map(({content}) => content)
    expect(contents).toEqual(['argument', '--dash', 'from stdin\n', 'from stdin', 'from a file\n', '-behind'])
  })

  test('must be one, and not empty', async () => {
    const {leat} = await withQuestion()
    for (const line of [
      leat`reply ops/1 a -m b`,
      leat`reply ops/1 two words`,
      leat`reply ops/1 -m ''`,
      leat({stdin: ''})`reply ops/1`,
    ])
      expect(await line).toMatchObject({code: 2, stdout: '', stderr: expect.stringMatching(/^leat: .*\n$/)})
    expect((await leat`log ops --json`).lines()).toHaveLength(1)
  })
})

describe('what can’t be answered stores nothing', () => {
  test('a message that is not there', async () => {
    const {leat, store} = await withQuestion()
    expect(await leat`reply ops/99 x`).toMatchObject({
      code: 3,
      stdout: '',
      stderr: `leat: no message "ops/99" in ${store}\n`,
    })
    expect(await leat`reply ${ID} x`).toMatchObject({
      code: 3,
      stdout: '',
      stderr: `leat: no message "${ID}" in ${store}\n`,
    })
    expect((await leat`reply nowhere/1 x --json`).error()).toMatchObject({
      code: 'NOT_FOUND',
      message: `no channel "nowhere" in ${store}`,
    })
    expect((await leat`reply "not a message" x --json`).error()).toMatchObject({code: 'INVALID'})
    expect((await leat`log ops --json`).lines()).toHaveLength(1)
  })

  test('a message with several places, named by its id alone', async () => {
    const {leat, last} = await withQuestion()
    await leat`channel create audit`
    const both = (await leat`send ops,audit both`).stdout.trim()
    const refused = await leat`reply ${both} x --json`
    expect(refused).toMatchObject({code: 2, stdout: ''})
    expect(refused.error().message).toContain('ops/2')
    expect(refused.error().message).toContain('audit/1')
    expect(await leat`reply audit/1 answer`).toMatchObject({code: 0})
    expect(await last('audit')).toMatchObject({content: 'answer', replyTo: both})
  })

  test('in a closed channel', async () => {
    const {leat} = await withQuestion()
    await leat`channel close ops`
    expect((await leat`reply ops/1 x --json`).error()).toMatchObject({code: 'CHANNEL_CLOSED'})
    expect(await leat`reply ops/1 x`).toMatchObject({code: 6, stdout: ''})
    expect((await leat`log ops --json`).lines()).toHaveLength(1)
  })
})

test('ten answers to ten requests of one actor are each found by correlation id', async () => {
  const {leat} = world()
  await leat`channel create jobs`
  await leat`channel create results`
  const numbers = Array.from({length: 10}, (_, index) => index + 1)
  const requests = numbers
    .map((n) => JSON.stringify({content: `q${n}`, correlationId: `c${n}`, replyChannel: 'results'}))
    .join('\n')
  await leat({stdin: requests})`send jobs --jsonl`
  for (const n of [3, 1, 10, 7, 2, 9, 5, 4, 8, 6]) await leat({as: 'bob'})`reply jobs/${n} a${n}`
  await leat`read results --all`
  for (const n of numbers)
    expect((await leat`log results --correlation-id c${n} --format ${'{content} {recipient}'}`).stdout).toBe(
      `a${n} alice\n`,
    )
})
