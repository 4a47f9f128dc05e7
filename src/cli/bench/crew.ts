/** The processes that a measurement needs beside its own. */
import {type ChildProcess, fork} from 'node:child_process'
import {EventEmitter, once} from 'node:events'
import {createRequire} from 'node:module'
import {fileURLToPath, pathToFileURL} from 'node:url'
import {LeatError} from '../../model/errors.js'
import type {FromChild, Job, Report, ToChild} from './job.js'

// From source a child needs the loader that runs TypeScript, too.
const isSource = import.meta.url.endsWith('.ts')
const SCRIPT = fileURLToPath(new URL(isSource ? 'child.ts' : 'child.js', import.meta.url))

/** One process with one job. */
export class Member extends EventEmitter<{received: [at: number]}> {
  readonly ready: Promise<void>
  /** What it has measured. */
  readonly report: Promise<Report>
  readonly #child: ChildProcess

  constructor(job: Job) {
    super()
    this.#child = fork(SCRIPT, {
      execArgv: isSource ? ['--import', pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href] : [],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      serialization: 'advanced', // samples come as they are, Infinity too
    })
    this.#child.on('message', (message: FromChild) => {
      if (message.say === 'received') this.emit('received', message.at)
    })
    this.ready = this.#hears(job, 'ready').then(() => {})
    this.report = this.#hears(job, 'report').then(({report}) => report)
    // Nobody may be waiting when it is told to end.
    this.ready.catch(() => {})
    this.report.catch(() => {})
    this.#say({say: 'job', job})
  }

  /** Begins. */
  go(): void {
    this.#say({say: 'go'})
  }

  /** Returns when the process is gone. Its store needs no goodbye. */
  async dismiss(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null || this.#child.pid === undefined) return
    const gone = once(this.#child, 'exit')
    this.#child.kill('SIGKILL')
    await gone
  }

  /** @throws what the child has thrown; REMOTE it ended without a word */
  #hears<Say extends FromChild['say']>(job: Job, say: Say): Promise<Extract<FromChild, {say: Say}>> {
    return new Promise((resolve, reject) => {
      this.#child.on('message', (message: FromChild) => {
        if (message.say === say) resolve(message as Extract<FromChild, {say: Say}>)
        else if (message.say === 'failed') reject(new LeatError(message.code, message.message, {hint: message.hint}))
      })
      this.#child.once('error', reject)
      this.#child.once('exit', (code, signal) => reject(endedEarly(job, code, signal)))
    })
  }

  /** A process that is gone says why by itself. */
  #say(message: ToChild): void {
    this.#child.send(message, () => {})
  }
}

const endedEarly = ({role}: Job, code: number | null, signal: NodeJS.Signals | null): LeatError =>
  new LeatError(
    'REMOTE',
    `a process of the bench (${role}) ended: ${signal ? `killed by ${signal}` : `exit code ${code}`}`,
  )
