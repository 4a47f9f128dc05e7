import {spawn} from 'node:child_process'
import {once} from 'node:events'
import {afterEach, expect, test, vi} from 'vitest'
import {isGone, thisProcess} from '../../../src/store/sqlite/holder.js'

const proc = vi.hoisted(() => ({isHidden: false}))

vi.mock('node:fs', async (original) => {
  const fs = await original<typeof import('node:fs')>()
  const readFileSync = (...parameters: Parameters<typeof fs.readFileSync>) => {
    if (proc.isHidden) throw new Error('EMFILE')
    return fs.readFileSync(...parameters)
  }
  return {...fs, readFileSync}
})

afterEach(() => {
  proc.isHidden = false
})

/** The number of a process that has ended. */
async function ended(): Promise<number> {
  const child = spawn('true')
  await once(child, 'exit')
  return child.pid!
}

test('a process is gone when its number is, or is that of another now', async () => {
  const self = thisProcess()
  expect(isGone(self)).toBe(false)
  expect(isGone({...self, pid: await ended()})).toBe(true)
  expect(isGone({...self, started: '1'})).toBe(true)
  expect(isGone({...self, started: '1', machine: 'another'})).toBe(false)
})

test('one that runs is not taken for gone where /proc says nothing', async () => {
  const self = thisProcess()
  const pid = await ended()
  proc.isHidden = true
  expect(isGone(self, self.machine)).toBe(false)
  expect(isGone({...self, pid}, self.machine)).toBe(true)
})
