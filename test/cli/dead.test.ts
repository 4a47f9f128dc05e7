import {describe, expect, test} from 'vitest'
import {filled} from './filled.js'
import {hasTerminal, terminal} from './terminal.js'

/** A channel of which some messages are dead letters of a group. */
async function withDead(seqs: readonly number[], group = 'workers') {
  const made = await filled(0)
  const alice = await made.bus()
  await alice.createChannel('jobs')
  for (let body = 1; body <= 4; body++)
    await alice.send('jobs', {body: `{"n": ${body}.0}`, contentType: 'application/json'})
  const bury = async (group: string, dead: readonly number[]): Promise<void> => {
    for (const {token, message} of await alice.claim('jobs', {group, limit: 4}))
      if (dead.includes(message.seq))
        await alice.nack({claim: token}, {dead: true, reason: 'exit code 3', detail: `no ${message.seq}\nat all`})
      else await alice.ack({claim: token})
  }
  await bury(group, seqs)
  const letters = async () => {
    const found = []
    for await (const letter of alice.deadLetters({channel: 'jobs'})) found.push(`${letter.group} ${letter.message.seq}`)
    return found
  }
  return {...made, alice, bury, letters}
}

test('list and show: why, the end of stderr, and the message without a digit lost', async () => {
  const {leat, bury} = await withDead([2, 3])
  await bury('thumbs', [3])
  const fields = (await leat`dead list jobs`).lines().map((line) => line.split('\t'))
  expect(fields.map(([, ...rest]) => rest)).toEqual([
    ['jobs/2', 'workers', '1', expect.any(String), 'exit code 3', '{"n": 2.0}', ''],
    ['jobs/3', 'workers', '1', expect.any(String), 'exit code 3', '{"n": 3.0}', ''],
    ['jobs/3', 'thumbs', '1', expect.any(String), 'exit code 3', '{"n": 3.0}', ''],
  ])
  expect((await leat`dead list --group thumbs --json -n 5`).jsonLines()).toMatchObject([
    {channel: 'jobs', group: 'thumbs'},
  ])
  expect((await leat`dead list -n 1`).lines()).toHaveLength(1)
  const shown = await leat`dead show jobs/3 --json`
  expect(shown.jsonLines().map(({group}) => group)).toEqual(['workers', 'thumbs'])
  expect(shown.stdout).toContain('"content":{"n":3.0}')
  expect(shown.jsonLines()[0]).toMatchObject({
    ...{id: expect.any(String), channel: 'jobs', attempts: 1, reason: 'exit code 3', detail: 'no 3\nat all'},
    ...{diedAt: expect.any(String), message: {seq: 3, sender: 'alice'}},
  })
  expect((await leat`dead show ${fields[2]![0]!}`).stdout).toContain('DETAIL\tno 3\\nat all\n')
  expect((await leat`dead show jobs/3 --raw`).stdout).toBe('{"n": 3.0}')
  expect((await leat`--json dead show jobs/1`).error()).toMatchObject({code: 'NOT_FOUND', hint: 'leat dead list'})
  expect((await leat`--json dead list jobs --group nobody`).error().code).toBe('NOT_FOUND')
})

test('redrive gives them to their groups again: some, of one group, all; a typo in the last one changes nothing', async () => {
  const {leat, bury, letters, alice} = await withDead([1, 2, 3])
  await bury('thumbs', [1, 2])
  expect((await leat`--json dead redrive jobs/1 jobs/4`).error().code).toBe('NOT_FOUND')
  expect((await letters()).length).toBe(5)
  expect((await leat`dead redrive jobs/1 --group thumbs --json`).json()).toEqual({
    ...{id: expect.any(String), channel: 'jobs', group: 'thumbs', seq: 1},
  })
  expect((await leat`dead redrive jobs/1 jobs/2 --json`).jsonLines()).toHaveLength(3)
  expect(await letters()).toEqual(['workers 3'])
  expect((await leat`dead redrive --all jobs`).code).toBe(0)
  expect(await letters()).toEqual([])
  const again = await alice.claim('jobs', {limit: 9})
  expect(again.map(({message, attempt}) => [message.seq, attempt])).toEqual([
    [1, 1],
    [2, 1],
    [3, 1],
  ])
  expect((await leat`dead redrive --all`).code).toBe(0)
})

describe('purge', () => {
  test('deletes them, not their messages; needs --yes where nobody can be asked', async () => {
    const {leat, letters} = await withDead([1, 2, 3])
    expect((await leat`--json dead purge jobs/1`).error()).toMatchObject({
      code: 'USAGE',
      message: 'purge 1 dead letter of jobs/1 needs --yes when nobody can be asked',
    })
    expect((await leat`--json dead purge`).error()).toMatchObject({code: 'USAGE', message: 'which dead letters?'})
    expect((await leat`--json dead purge --all jobs ops -y`).error().code).toBe('USAGE')
    expect((await leat({as: 'bob'})`--json dead purge --all jobs -y`).error().code).toBe('FORBIDDEN')
    expect((await letters()).length).toBe(3)
    expect((await leat`dead purge jobs/1 --yes --json`).json()).toEqual({purged: 1})
    expect((await leat`dead purge --all jobs -y --json`).json()).toEqual({purged: 2})
    expect(await letters()).toEqual([])
    expect((await leat`show jobs/1`).code).toBe(0)
  })

  test.runIf(hasTerminal)('asks at a terminal, naming how many', async () => {
    const {env, letters} = await withDead([1, 2])
    const no = await terminal(env, {answer: 'n'})`dead purge --all jobs`
    expect(no.text).toContain('Purge 2 dead letters of jobs?')
    expect([no.code, await letters()]).toEqual([2, ['workers 1', 'workers 2']])
    const yes = await terminal(env, {answer: 'y'})`dead purge --all jobs`
    expect([yes.code, await letters()]).toEqual([0, []])
    expect((await terminal(env)`dead list`).text).toContain('no dead letters')
  })
})
