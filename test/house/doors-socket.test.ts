/** docs/socket.md: what it shows runs. */
import {spawnSync} from 'node:child_process'
import {chmodSync, existsSync, mkdirSync, writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {expect, test} from 'vitest'
import {until} from '../cli/background.js'
import {BIN, world} from '../cli/leat.js'
import {say} from '../server/unix.js'
import {examplesOf, play} from './pages.js'

/** What `nc -U PATH` does with a pipe, for machines that have no netcat. */
const NETCAT = `#!/usr/bin/env python3
import socket, sys
assert sys.argv[1] == "-U"
with socket.socket(socket.AF_UNIX) as connection:
    connection.connect(sys.argv[2])
    connection.sendall(sys.stdin.buffer.read())
    while True:
        got = connection.recv(65536)
        if not got:
            break
        sys.stdout.buffer.write(got)
`

function program(folder: string, name: string, text: string): void {
  writeFileSync(join(folder, name), text)
  chmodSync(join(folder, name), 0o755)
}

test('every example, in the order of the page', async () => {
  const {dir, env} = world()
  const bin = join(dir, 'bin')
  mkdirSync(bin)
  program(bin, 'leat', `#!/bin/sh\nexec ${JSON.stringify(process.execPath)} ${JSON.stringify(BIN)} "$@"\n`)
  if (spawnSync('nc', ['-h']).error) program(bin, 'nc', NETCAT)
  const around = {...env, LEAT_AS: 'alice', PATH: `${bin}:${process.env['PATH']}`}
  const [serve, netcat, python, curl, eric, ...rest] = examplesOf('socket.md')
  expect(rest).toEqual([])
  if (!serve || !netcat || !python || !curl || !eric) throw new Error('an example is missing')

  // On a port of its own: tests run beside others.
  play({...serve, code: serve.code.replace('leat serve', 'exec leat serve --port 0')}, dir, around)
  const path = join(dir, 'leat.sock')
  await until(async () => {
    if (!existsSync(path)) throw new Error('no socket yet')
    expect(await say(path, {v: 'whoami'})).toBe('{"actor":"alice","door":"socket"}\n')
  })

  const shown = play(netcat, dir, around)
  expect(await shown.ended, shown.stderr).toBe(0)
  const [created, sent, followed, none] = shown.stdout.split('\n')
  expect(JSON.parse(created ?? '')).toMatchObject({name: 'ops', createdBy: 'alice'})
  expect(JSON.parse(sent ?? '')).toMatchObject({sent: [{channel: 'ops', seq: 1}]})
  expect(followed).toContain('"sender":"alice","type":"message","content":{"disk":1.0}')
  expect(none).toBe('')

  const snake = play(python, dir, around)
  expect(await snake.ended, snake.stderr).toBe(0)
  expect(snake.stdout.split('\n')).toEqual(["alice {'disk': 1.0}", 'alice hello from Python', ''])

  const web = play(curl, dir, around)
  expect(await web.ended, web.stderr).toBe(0)
  expect(web.stdout).toContain('"sent":[{"channel":"ops","seq":3}]')
  expect(web.stdout).toContain('"content":"hello from curl"')

  const listener = play(eric, dir, around)
  expect(await listener.ended, listener.stderr).toBe(0)
  expect(listener.stdout.split('\n')).toEqual(['ack', 'hello', 'ack', ''])
})
