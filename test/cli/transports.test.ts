/** The transports as commands put them together, over real stores. */
import {existsSync, mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {Config} from '@oclif/core'
import {v7} from 'uuid'
import {expect, onTestFinished, test} from 'vitest'
import {createBus} from '../../src/bus/bus.js'
import {transportsFor} from '../../src/cli/transports.js'
import {openStore} from '../../src/store/open.js'
import {all} from '../bus/world.js'
import {DELIVERED, recipient, sendTo} from '../transport/given.js'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))

async function twoStores() {
  const dir = mkdtempSync(join(tmpdir(), 'leat-transports-'))
  onTestFinished(() => rmSync(dir, {recursive: true, force: true}))
  const busAt = async (name: string) => {
    const store = await openStore(join(dir, name), {clock: Date.now, ids: v7, create: true})
    onTestFinished(() => store.close())
    return createBus({store, actor: 'alice', clock: Date.now, ids: v7})
  }
  const here = await busAt('here.db')
  const there = await busAt('there.db')
  const written: string[] = []
  const notes: string[] = []
  const config = await Config.load({root: ROOT, userPlugins: false, devPlugins: false})
  config.dataDir = join(dir, 'data')
  const transports = await transportsFor({
    config,
    around: {env: {PATH: process.env['PATH'], LEAT_TOKEN: 't0ken'}, store: join(dir, 'here.db'), actor: 'alice'},
    foundation: here.context,
    errors: {write: (chunk) => void written.push(String(chunk))},
    note: (text) => notes.push(text),
  })
  onTestFinished(() => transports.close())
  const deliver = (name: string, settings: Parameters<typeof recipient>[0]) => {
    const transport = transports.get(name)
    if (!transport) throw new Error(`no transport ${name}`)
    return async () => {
      const sent = (await all(here.log(['ops']))).at(-1)
      return sendTo(transport, recipient({transport: name, ...settings}), {sent})
    }
  }
  return {dir, here, there, written, notes, transports, deliver}
}

test('exec runs a command as the subscriber, with its output on stderr', async () => {
  const {dir, here, written, deliver} = await twoStores()
  await here.send('ops', {body: 'disk full'}, {create: true})
  const endpoint = 'cat; echo " $LEAT_AS $LEAT_STORE $LEAT_TOKEN"; echo warned >&2'
  expect(await deliver('exec', {endpoint})()).toEqual(DELIVERED)
  expect(written.join('').split('\n').sort()).toEqual(['', `disk full bob ${join(dir, 'here.db')} `, 'warned'])
})

test('channel sends on to another store, and does not make one', async () => {
  const {dir, here, there, deliver} = await twoStores()
  await here.send('ops', {body: 'disk full'}, {create: true})
  await there.createChannel('queue')
  const queue = deliver('channel', {endpoint: `${join(dir, 'there.db')}#queue`})
  for (let attempt = 0; attempt < 2; attempt++) expect(await queue()).toEqual(DELIVERED)
  const [copy, ...others] = await all(there.log(['queue']))
  expect(copy).toMatchObject({
    sender: 'bob',
    body: 'disk full',
    headers: {'leat-from': 'ops/1', 'leat-sender': 'alice'},
  })
  expect(others).toEqual([])
  const missing = await deliver('channel', {endpoint: `${join(dir, 'none.db')}#queue`})()
  expect(missing).toMatchObject({success: false, failure: 'retry', errors: [expect.stringMatching(/none\.db/)]})
  expect(existsSync(join(dir, 'none.db'))).toBe(false)
})

test('there are those of leat, and nothing to say about plug-ins', async () => {
  const {transports, notes} = await twoStores()
  expect(transports.all.map(({name}) => name)).toEqual([
    'http',
    'email',
    'websocket',
    'sse',
    'socket',
    'channel',
    'exec',
  ])
  expect(notes).toEqual([])
})
