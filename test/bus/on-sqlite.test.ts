// Every rule of the bus once more, on the engine that people use.
import {existsSync} from 'node:fs'
import {mkdtemp, rm} from 'node:fs/promises'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {v7} from 'uuid'
import {describe} from 'vitest'
import {openStore} from '../../src/store/open.js'
import {runOn} from './world.js'

// In memory where that is possible: whether a disk keeps its word is for the contract to ask.
const base = existsSync('/dev/shm') ? '/dev/shm' : tmpdir()

runOn(async (clock) => {
  const folder = await mkdtemp(join(base, 'leat-bus-'))
  return {
    open: () => openStore(join(folder, 'leat.db'), {clock, ids: v7, create: true}),
    remove: () => rm(folder, {recursive: true}),
  }
})

// Each subject's hooks are for its own tests.
for (const subject of [
  'access',
  'acts',
  'administration',
  'bulk',
  'channels',
  'claims',
  'conversations',
  'cursors',
  'dead-letters',
  'deliver',
  'deliveries',
  'follow',
  'grants',
  'inbox',
  'leaks',
  'log',
  'peek',
  'read',
  'reply',
  'request',
  'respond',
  'roles',
  'scheduled',
  'schema',
  'send',
  'show',
  'subscriptions',
  'thread',
  'tokens',
  'transfer',
  'why-groups',
  'work',
  'work-into',
  'work-leases',
])
  describe(subject, async () => {
    await import(`./${subject}.test.ts`)
  })
