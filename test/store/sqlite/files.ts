import {type ChildProcess, spawn} from 'node:child_process'
import {randomUUID} from 'node:crypto'
import {once} from 'node:events'
import {chmodSync, mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {onTestFinished} from 'vitest'
import type {EngineOptions, Outgoing} from '../../../src/store/store.js'

/** What a store needs, with the clock of the system. */
export const options = (more: Partial<EngineOptions> = {}): EngineOptions => ({
  clock: Date.now,
  ids: randomUUID,
  ...more,
})

/** A folder of the test's own, deleted at its end. */
export function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'leat-sqlite-'))
  onTestFinished(() => {
    chmodSync(path, 0o700)
    rmSync(path, {recursive: true})
  })
  return path
}

/** A message that is complete. */
export const outgoing = (channel: string, fields: Partial<Outgoing> = {}): Outgoing => ({
  id: randomUUID(),
  channels: [channel],
  sender: 'alice',
  type: 'message',
  body: 'hello',
  contentType: 'text/plain',
  ...fields,
})

const SCRIPT = fileURLToPath(new URL('child.ts', import.meta.url))

/** Runs `child.ts` in a process of its own; resolves with what it printed, once it ended well. */
export async function child(args: readonly string[], {uid}: {uid?: number} = {}): Promise<unknown> {
  const started = spawn(process.execPath, ['--import', 'tsx', SCRIPT, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    // Another user can't write into the cache of this one.
    env: {...process.env, TSX_DISABLE_CACHE: '1'},
    ...(uid !== undefined && {uid, gid: uid}),
  })
  const [output, errors] = [collect(started.stdout), collect(started.stderr)]
  const [code] = await once(started as ChildProcess, 'close')
  if (code !== 0) throw new Error(`${args.join(' ')}: exit ${code}\n${errors()}`)
  return JSON.parse(output())
}

function collect(stream: NodeJS.ReadableStream | null): () => string {
  let text = ''
  stream?.on('data', (chunk: Buffer) => {
    text += chunk.toString()
  })
  return () => text
}
