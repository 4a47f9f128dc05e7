/** Restores a store from two backups in turn, until it is killed: `restorer.ts STORE A B`. */
import {randomUUID} from 'node:crypto'
import {openStore} from '../../../src/store/open.js'

const [path = '', ...backups] = process.argv.slice(2)
const store = await openStore(path, {clock: Date.now, ids: randomUUID})
process.stdout.write('ready\n')
for (let round = 0; ; round++) {
  const prepared = await store.maintenance.prepareRestore(backups[round % 2]!)
  await prepared.apply({safetyCopy: false})
}
