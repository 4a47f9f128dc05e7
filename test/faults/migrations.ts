/** Older stores that are brought up to date by processes that are killed on the way, at every statement and every write. */
import assert from 'node:assert/strict'
import {type ChildProcess, spawn, spawnSync} from 'node:child_process'
import {randomUUID} from 'node:crypto'
import {once} from 'node:events'
import {cpSync, mkdirSync, readFileSync} from 'node:fs'
import {join} from 'node:path'
import {fileURLToPath} from 'node:url'
import {openStore} from '../../src/store/open.js'
import {SCHEMA_VERSION} from '../../src/store/sqlite/migrate.js'
import {assertSound, inFolder} from './folder.js'
import {putStore, SCHEMAS, schemaAt, shapeOf, type Tables, tablesOf} from './stores.js'

const MIGRATOR = fileURLToPath(new URL('children/migrator.js', import.meta.url))

/** What a power cut or a kill can fall between. */
const WRITES = ['pwrite64', 'fdatasync', 'ftruncate'] as const

/** Whether the system lets us choose the system call at which a process dies. */
export const hasStrace = spawnSync('strace', ['-V']).status === 0

/**
 * Kills what migrates a store of each older schema: at each statement, at each system call that writes, and while two others
 * want to open the store. What is found is the old schema, the new one, or a whole one in between; the next that opens it
 * brings it up to date, with all that was in it.
 * @param every so many statements, system calls: 1 is all of them
 */
export const migrationKills = (every: {statement: number; call: number; amid: number}) =>
  inFolder(async (folder) => {
    const older = SCHEMAS.filter((schema) => schema < SCHEMA_VERSION)
    assert.equal(older.length, SCHEMA_VERSION - 1, 'there is a fixture of each older schema')
    const figures = {
      stores: older.length,
      atStatements: 0,
      atSystemCalls: 0,
      amidOthers: 0,
      foundOld: 0,
      foundNew: 0,
      tables: 0,
    }
    for (const schema of older) {
      const home = join(folder, String(schema))
      mkdirSync(home)
      const patient = await Patient.from(schema, home)
      figures.tables = Object.keys(patient.sound).length
      const found = async (name: string): Promise<void> => {
        const version = await patient.look(name)
        if (version === SCHEMA_VERSION) figures.foundNew++
        else figures.foundOld++
      }
      const total = Number(await patient.run('counted', {}))
      assert.ok(total > 6, `${total} statements`)
      for (let at = 1; at <= total; at += every.statement) {
        const name = `statement-${at}`
        assert.equal(await patient.run(name, {stopAt: at}), 'SIGKILL', name)
        await found(name)
        figures.atStatements++
      }
      for (let at = Math.min(6, total); at <= total; at += every.amid) {
        const name = `amid-${at}`
        await patient.amidOthers(name, at)
        await found(name)
        figures.amidOthers++
      }
      if (!hasStrace) continue
      for (const [call, calls] of Object.entries(patient.callsOf()))
        for (let at = 1; at <= calls; at += every.call) {
          const name = `${call}-${at}`
          assert.equal(patient.killAtCall(name, call, at), 'SIGKILL', name)
          await found(name)
          figures.atSystemCalls++
        }
    }
    return figures
  })

/** A store of an older schema, of which each attempt gets a copy. */
class Patient {
  readonly #schema: number
  readonly #folder: string
  /** What has to be in the store once it is up to date. */
  readonly sound: Tables

  private constructor(schema: number, folder: string) {
    this.#schema = schema
    this.#folder = folder
    this.sound = tablesOf(join(folder, 'sound'), this.#random)
  }

  /** Brings a store up to date undisturbed, and proves that nothing of it is lost by that. */
  static async from(schema: number, folder: string): Promise<Patient> {
    const old = join(folder, 'old')
    putStore(schema, old)
    const sound = join(folder, 'sound')
    cpSync(old, sound)
    assert.equal(spawnSync(process.execPath, [MIGRATOR, JSON.stringify({store: sound})]).status, 0)
    assertKept(old, sound)
    const patient = new Patient(schema, folder)
    await patient.look('sound')
    return patient
  }

  // Before there were deliveries, subscriptions had no id.
  get #random(): string[] {
    return this.#schema < 3 ? ['subscriptions.id'] : []
  }

  #copy(name: string): string {
    const store = join(this.#folder, name)
    cpSync(join(this.#folder, 'old'), store)
    return store
  }

  /** What the migrator said, or the signal that it died of. */
  async run(name: string, given: object): Promise<string> {
    const child = migrator({store: this.#copy(name), ...given})
    const [code, signal] = await once(child.process, 'close')
    assert.ok(code === 0 || signal !== null, `${name}: exit ${code}: ${child.errors()}`)
    return signal ?? child.said()
  }

  /** One has begun to migrate and is killed there; two others want to open the store meanwhile. */
  async amidOthers(name: string, stopAt: number): Promise<void> {
    const store = this.#copy(name)
    const others = [1, 2].map(() => migrator({store, onWord: true}))
    for (const other of others) await other.says('ready')
    const first = migrator({store, stopAt, waits: true})
    await first.says('there')
    const ended = others.map(async (other) => {
      other.process.stdin!.write('x')
      const [code] = await once(other.process, 'close')
      assert.equal(code, 0, `${name}: ${other.errors()}`)
    })
    first.process.kill('SIGKILL')
    await Promise.all(ended)
  }

  /** How many calls of each kind an undisturbed run makes. */
  callsOf(): Record<string, number> {
    const log = join(this.#folder, 'calls')
    const given = JSON.stringify({store: this.#copy('traced')})
    const traced = spawnSync('strace', ['-f', '-o', log, '-e', `trace=${WRITES}`, process.execPath, MIGRATOR, given])
    assert.equal(traced.status, 0, String(traced.stderr))
    const lines = readFileSync(log, 'utf8').split('\n')
    return Object.fromEntries(WRITES.map((call) => [call, lines.filter((line) => line.includes(` ${call}(`)).length]))
  }

  killAtCall(name: string, call: string, at: number): NodeJS.Signals | null {
    const inject = ['-f', '-o', '/dev/null', '-e', `trace=${call}`, '-e', `inject=${call}:signal=KILL:when=${at}`]
    const given = JSON.stringify({store: this.#copy(name)})
    return spawnSync('strace', [...inject, process.execPath, MIGRATOR, given]).signal
  }

  /** Looks at what an attempt left, and brings it up to date. Returns the schema that it was found in. */
  async look(name: string): Promise<number> {
    const store = join(this.#folder, name)
    const {version, integrity, schema} = shapeOf(store)
    assert.equal(integrity, 'ok', name)
    assert.ok(version >= this.#schema && version <= SCHEMA_VERSION, `${name}: schema ${version}`)
    assert.deepEqual(schema, schemaAt(version), `${name}: the tables of schema ${version}`)
    const opened = await openStore(store, {clock: Date.now, ids: randomUUID})
    await opened.close()
    await assertSound(store, name)
    assert.equal(shapeOf(store).version, SCHEMA_VERSION, name)
    if (name !== 'sound') assert.deepEqual(tablesOf(store, this.#random), this.sound, name)
    return version
  }
}

/** What an older schema had, the newest has: in each table the rows, of which the columns that stayed. */
function assertKept(old: string, migrated: string): void {
  const [before, after] = [tablesOf(old), tablesOf(migrated)]
  for (const [table, rows] of Object.entries(before)) {
    const [was, is] = [rows, after[table] ?? []].map((all) => all.map((row) => JSON.parse(row) as object))
    const columns = Object.keys(was![0] ?? {}).filter((column) => column in (is![0] ?? {}))
    const kept = new Set(is!.map((row) => JSON.stringify(row, columns)))
    for (const row of was!) {
      const told = JSON.stringify(row, columns)
      assert.ok(columns.length > 0 && kept.has(told), `${table} has ${told}`)
    }
  }
}

interface Migrator {
  process: ChildProcess
  says(word: string): Promise<void>
  said(): string
  errors(): string
}

function migrator(given: object): Migrator {
  const child = spawn(process.execPath, [MIGRATOR, JSON.stringify(given)], {stdio: 'pipe'})
  let [out, err] = ['', '']
  child.stdout.on('data', (chunk: Buffer) => (out += chunk))
  child.stderr.on('data', (chunk: Buffer) => (err += chunk))
  child.stdin.on('error', () => {})
  return {
    process: child,
    said: () => out.trim(),
    errors: () => err,
    says: async (word) => {
      while (!out.includes(word)) {
        await Promise.race([once(child.stdout, 'data'), once(child, 'close')])
        assert.ok(out.includes(word) || child.exitCode === null, `ended without "${word}": ${err}`)
      }
    },
  }
}
