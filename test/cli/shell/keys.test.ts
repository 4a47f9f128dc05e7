/** What the line editor gets of what is typed and pasted. */
import {EventEmitter} from 'node:events'
import type {ReadStream} from 'node:tty'
import {expect, test} from 'vitest'
import {Keys} from '../../../src/tui/shell/keys.js'

/** Keys over something that is typed at by hand. */
function typing() {
  const modes: boolean[] = []
  const terminal = Object.assign(new EventEmitter(), {
    setRawMode: (isRaw: boolean) => void modes.push(isRaw),
    resume: () => {},
    pause: () => {},
  })
  const keys = new Keys(terminal as unknown as ReadStream)
  const pieces: string[] = []
  keys.on('data', (piece: Buffer) => pieces.push(piece.toString()))
  const given = async (): Promise<string[]> => {
    await new Promise(setImmediate)
    return pieces.splice(0)
  }
  const type = (text: string): void => void terminal.emit('data', Buffer.from(text))
  keys.attach()
  return {keys, terminal, modes, type, given}
}

test('one line at a time; what is behind it waits', async () => {
  const {keys, type, given} = typing()
  type('one\rtwo\r\nthr')
  expect(await given()).toEqual(['one\r'])
  expect(keys.hasMore).toBe(true)
  keys.next()
  expect(await given()).toEqual(['two\r\n'])
  keys.next()
  expect(await given()).toEqual(['thr'])
  expect(keys.hasMore).toBe(false)
  type('ee\r')
  expect(await given()).toEqual(['ee\r'])
})

test('each TAB that is typed comes alone, one that is pasted does not', async () => {
  const {type, given} = typing()
  type('se\t\tx')
  expect(await given()).toEqual(['se', '\t', '\t', 'x'])
  type('\x1b[200~a\tb\x1b[201~')
  expect(await given()).toEqual(['a\tb'])
})

test('marks of a paste are taken out, in pieces too, and what would be obeyed in it', async () => {
  const {keys, type, given} = typing()
  type('\x1b[20')
  expect(await given()).toEqual([])
  type('0~ü\x1b[A\x03\x1b[2')
  expect(keys.hasMore).toBe(true)
  type('01~')
  expect((await given()).join('')).toBe('ü[A')
  expect(keys.hasMore).toBe(false)
})

test('keys that begin like a mark are keys', async () => {
  const {type, given} = typing()
  for (const key of ['\x1b', '\x1b[', '\x1b[A', '\x1bb']) {
    type(key)
    expect((await given()).join('')).toBe(key)
  }
})

test('while a command runs the terminal is left alone', async () => {
  const {keys, terminal, modes, type, given} = typing()
  keys.detach()
  type('to the command')
  expect(await given()).toEqual([])
  expect(terminal.listenerCount('data')).toBe(0)
  keys.attach()
  keys.close()
  expect(modes).toEqual([true, false, true, false])
  expect(terminal.eventNames()).toEqual([])
})
