/** Another process on a store: `create PATH`, `append PATH COUNT`, `try PATH`. Prints one line of JSON. */
import {randomUUID} from 'node:crypto'
import {LeatError} from '../../../src/model/errors.js'
import {openStore} from '../../../src/store/open.js'
import type {Store} from '../../../src/store/store.js'

const open = (path: string, create = false): Promise<Store> =>
  openStore(path, {clock: Date.now, ids: randomUUID, create})

const message = () => ({
  id: randomUUID(),
  channels: ['ops'],
  sender: 'alice',
  type: 'message',
  body: 'hello',
  contentType: 'text/plain',
})

const DEEDS: Record<string, (path: string, count: number) => Promise<unknown>> = {
  /** Makes the store if need be; prints its epoch. */
  async create(path) {
    const store = await open(path, true)
    const {epoch} = await store.info()
    await store.close()
    return epoch
  },

  /** Appends one at a time; prints the seqs. */
  async append(path, count) {
    const store = await open(path)
    const seqs: unknown[] = []
    for (let sent = 0; sent < count; sent++) {
      const [receipt] = await store.messages.append([message()])
      seqs.push(receipt?.sent[0] && 'seq' in receipt.sent[0] ? receipt.sent[0].seq : undefined)
    }
    await store.close()
    return seqs
  },

  /** Prints what reading and what writing gives: a count, or the code of the error. */
  async try(path) {
    const store = await open(path).catch(codeOf)
    if (typeof store === 'string') return {open: store}
    const read = await store.messages
      .scan({channels: [{name: 'ops'}], actor: 'alice', order: 'forward', limit: 10})
      .then(({messages}) => messages.length, codeOf)
    const write = await store.messages.append([message()]).then(() => 'done', codeOf)
    const listed = await store.channels
      .summaries({channels: [{name: 'ops'}], actor: 'bob'})
      .then((all) => all[0]?.unread, codeOf)
    await store.close()
    return {read, write, unread: listed}
  },
}

const codeOf = (error: unknown): string =>
  error instanceof LeatError ? `${error.code}: ${error.message.split(': ').at(-1)}` : `not a LeatError: ${error}`

const [deed = '', path = '', count = '0'] = process.argv.slice(2)
const result = await DEEDS[deed]?.(path, Number(count))
process.stdout.write(JSON.stringify(result))
