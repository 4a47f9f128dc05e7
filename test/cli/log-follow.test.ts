import {expect, test} from 'vitest'
import {background, until} from './background.js'
import {filled} from './filled.js'

test('log --follow: the newest, or all behind a position, and then what arrives', async () => {
  const {env, bus} = await filled(60)
  const alice = await bus()
  const numbers = (from: number, to: number) =>
    Array.from({length: to - from + 1}, (_, at) => `${from + at}\n`).join('')
  const streams = [
    {log: background(env)`log ops -n 2 -f --format {content}`, first: 59},
    {log: background(env)`log --follow --format {content}`, first: 11},
    {log: background(env)`log ops -f --from 31 --format {content}`, first: 31},
    {
      log: background(env)`log ops -f --all --grep 6 --format {content}`,
      texts: '6\n16\n26\n36\n46\n56\n60\n',
      more: '',
    },
  ]
  for (const {log, first = 0, texts = numbers(first, 60)} of streams) await until(() => expect(log.stdout).toBe(texts))
  await alice.send('ops', {body: '71'})
  for (const {log, first = 0, texts = numbers(first, 60), more = '71\n'} of streams)
    await until(() => expect(log.stdout).toBe(`${texts}${more}`))
  for (const {log} of streams) log.kill('SIGINT')
  for (const {log} of streams)
    expect(await log.ended).toMatchObject({
      signal: 'SIGINT',
      stderr: expect.stringMatching(/^following (ops|every channel)\n$/),
    })
})

test('of one thread, until the channel ends', async () => {
  const {env, bus} = await filled(2)
  const alice = await bus()
  await alice.reply('ops/1', {body: 'answer'})
  const log = background(env)`log -f --thread ops/1 --raw ops`
  await log.says(/answer/)
  await alice.send('ops', {body: 'other'})
  await alice.reply('ops/1', {body: 'more'})
  await alice.setChannelState('ops', 'closed', {notifyEnd: true})
  expect(await log.ended).toMatchObject({code: 0, stdout: '1\nanswer\nmore\n'})
})

test.each(['--reverse', '--until now', '--from 1 -n 3', '--after 1 --all'])(
  'log -f %s is wrong usage',
  async (flags) => {
    const {leat} = await filled(1)
    expect(await leat`log ops -f ${flags.split(' ')}`).toMatchObject({code: 2, stdout: ''})
  },
)
