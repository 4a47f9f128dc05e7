import {v7} from 'uuid'
import {expect, test} from 'vitest'
import {lasting} from '../../src/bus/lasting.js'
import {LeatError} from '../../src/model/errors.js'
import type {Store} from '../../src/store/store.js'
import {openMemory} from '../store/memory/open.js'

const full = () => new LeatError('STORAGE', 'bus.db: the disk is full', {passing: true})

/** A store whose channels can't be asked the first times. */
function failing(errors: LeatError[]): Store {
  const store = openMemory({clock: Date.now, ids: v7})
  const all = async () => {
    const error = errors.shift()
    if (error) throw error
    return store.channels.all()
  }
  return {...store, channels: {...store.channels, all}}
}

test('what passes is waited for, and told once', async () => {
  const told: string[] = []
  const store = lasting(failing([full(), full()]), {onWaiting: ({message}) => told.push(message)})
  expect(await store.channels.all()).toEqual([])
  expect(told).toEqual(['bus.db: the disk is full'])
  expect(store.label).toBe(openMemory({clock: Date.now, ids: v7}).label)
})

test('anything else is not, and nothing is once it was called off', async () => {
  const broken = new LeatError('STORAGE', 'bus.db: the store is read-only')
  await expect(lasting(failing([broken]), {}).channels.all()).rejects.toBe(broken)
  const error = full()
  await expect(lasting(failing([error]), {signal: AbortSignal.abort()}).channels.all()).rejects.toBe(error)
})
