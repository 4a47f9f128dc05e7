import {expect, test} from 'vitest'
import {world} from './leat.js'

async function withOps() {
  const made = world()
  await made.leat`channel create ops`
  await made.leat`send ops one`
  return made
}

test('one line with the answer and the next command', async () => {
  const {leat} = await withOps()
  const {id} = (await leat`show ops/1 --json`).json()
  const explained = (await leat`why ops/1 bob --json`).json()
  expect(explained).toEqual({
    id,
    channel: 'ops',
    seq: 1,
    who: 'bob',
    state: 'unsubscribed',
    reason: expect.stringMatching(/^bob has never read ops, and .*$/),
    next: 'leat subscribe ops --from ops/1 --as bob',
  })
  expect(await leat`why ops/1 bob`).toMatchObject({
    code: 0,
    stdout: `${explained.reason} (${explained.next})\n`,
    stderr: '',
  })
})

test('every state that there is so far', async () => {
  const {leat} = await withOps()
  const why = async (message: string, who: string): Promise<{state: string; next?: string}> => {
    const {code, json} = await leat`why ${message} ${who} --json`
    expect(code).toBe(0)
    return json()
  }
  await leat({as: 'bob'})`read ops`
  expect(await why('ops/1', 'bob')).toMatchObject({state: 'read', next: 'leat read ops --from 1 -n 1 --as bob'})
  await leat({as: 'zoe'})`send ops hush --to bob`
  expect(await why('ops/2', 'carol')).toMatchObject({state: 'addressed'})
  await leat({as: 'carol'})`subscribe ops --type alert`
  await leat`send ops plain`
  expect(await why('ops/3', 'carol')).toMatchObject({state: 'filtered'})
  await leat({as: 'carol'})`send ops mine --type alert`
  expect(await why('ops/4', 'carol')).toMatchObject({state: 'own'})
  await leat`send ops loud --type alert`
  expect(await why('ops/5', 'carol')).toMatchObject({state: 'unread', next: 'leat inbox --as carol'})
  await leat({as: 'carol'})`subscription pause ops`
  expect(await why('ops/5', 'carol')).toMatchObject({state: 'paused', next: 'leat subscription resume ops --as carol'})
  await leat`redact ops/3 --yes`
  expect(await why('ops/3', 'carol')).toMatchObject({state: 'redacted'})
  await leat`channel prune ops --keep 2 --yes`
  expect(await why('ops/1', 'bob')).toMatchObject({state: 'pruned', id: ''})
  await leat`channel update ops --restricted`
  expect(await why('ops/5', 'eve')).toMatchObject({state: 'forbidden'})
})

test('of oneself without a name', async () => {
  const {leat} = await withOps()
  await leat`read ops`
  expect((await leat`why ops/1 --json`).json()).toMatchObject({
    who: 'alice',
    state: 'read',
    next: 'leat read ops --from 1 -n 1',
  })
})

test('what is not there, and what one may not see, is not explained', async () => {
  const {leat, store} = await withOps()
  expect(await leat`why ops/9 bob`).toMatchObject({
    code: 3,
    stdout: '',
    stderr: `leat: no message "ops/9" in ${store}\n`,
  })
  await leat({as: 'zoe'})`send ops hush --to bob`
  expect(await leat({as: 'carol'})`why ops/2`).toMatchObject({code: 3, stdout: ''})
  expect((await leat`why ops/1 "Not A Name" --json`).error()).toMatchObject({
    code: 'INVALID',
    message: '"Not A Name" is not an actor name',
  })
})
