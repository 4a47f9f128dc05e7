/** Runs a command for a message: the body on its stdin, the rest in its environment. */
import {type ChildProcess, spawn} from 'node:child_process'
import {constants} from 'node:os'
import {setTimeout as pause} from 'node:timers/promises'
import {LIMITS} from '../../model/limits.js'
import type {Message} from '../../model/message.js'
import {timerFor} from '../deadline.js'
import {type CommandSetting, environmentFor} from './environment.js'
import {type ProcessGroups, signalGroup} from './groups.js'
import {notStarted} from './lookup.js'
import {Beginning, End, Pump} from './output.js'

/** Where a command's output is passed on to. What `write` returns is waited for before the next piece is read. */
export interface CommandSink {
  write(chunk: Uint8Array): void | Promise<void>
}

/** What a command meets besides its message. */
export interface Surroundings extends CommandSetting {
  /** Ends the command: SIGTERM, and 2 s later SIGKILL. */
  signal?: AbortSignal
  /** Commands get process groups of their own, which are noted here. Without it they are in leat's. */
  groups?: ProcessGroups
}

export interface CommandOptions {
  /** Milliseconds after which the command is ended as by the signal. */
  timeout?: number
  /** Where its stdout goes: to leat's own (default), to stderr, or into the result. */
  stdout?: 'inherit' | 'stderr' | 'result'
  /** Where its stderr goes, its end being kept. Default: to leat's own. */
  stderr?: CommandSink
  /** Variables besides those of the message. */
  variables?: Readonly<Record<string, string>>
}

export interface CommandResult {
  /** Exit code, 128 + N when a signal ended it. */
  code: number
  signal?: NodeJS.Signals
  /** It took longer than `timeout`. */
  timedOut?: boolean
  /** With `stdout: 'result'`: the first 16 MiB, and a byte for the newline that a body loses. */
  stdout?: Buffer
  /** There was more. */
  cut?: boolean
  /** With `stderr`: the last 4 KiB of it as text. */
  stderr?: string
}

const MOST_OUTPUT = LIMITS.content + 1
const END_OF_STDERR = 4 * 1024
/** Milliseconds between SIGTERM and SIGKILL. */
const LAST_WORDS = 2000
/** Milliseconds between two looks whether a group is gone. */
const LOOK = 20

/**
 * Runs one command to its end, not to that of what it leaves running in the background. Never has leat's own stdin.
 * @throws USAGE no such command, or the system refuses to start it
 */
export async function runCommand(
  command: readonly string[],
  message: Message,
  around: Surroundings,
  options: CommandOptions = {},
): Promise<CommandResult> {
  const {stdout = 'inherit', stderr, timeout} = options
  const child = start(command, message, around, options)
  const exit = exitOf(child, command)
  const ending = new Ending(child, around, timeout)
  const beginning = new Beginning(MOST_OUTPUT)
  const end = new End(END_OF_STDERR)
  const pass = (chunk: Buffer): void | Promise<void> => stderr?.write(chunk)
  const passEnd = (chunk: Buffer): void | Promise<void> => {
    end.take(chunk)
    return pass(chunk)
  }
  const pumps = [
    ...(child.stdout ? [new Pump(child.stdout, stdout === 'result' ? beginning.take : pass)] : []),
    ...(child.stderr ? [new Pump(child.stderr, passEnd)] : []),
  ]
  try {
    const {code, signal} = await exit
    await ending.exited()
    await Promise.all(pumps.map((pump) => pump.finish()))
    return {
      code,
      ...(signal && {signal}),
      ...(ending.timedOut && {timedOut: true}),
      ...(stdout === 'result' && {stdout: beginning.bytes, cut: beginning.cut}),
      ...(stderr && {stderr: end.text}),
    }
  } finally {
    ending.clear()
    child.stdin?.destroy()
  }
}

function start(
  command: readonly string[],
  message: Message,
  around: Surroundings,
  {stdout = 'inherit', stderr, variables}: CommandOptions,
): ChildProcess {
  const [program = '', ...args] = command
  try {
    const child = spawn(program, args, {
      env: environmentFor(message, around, variables),
      stdio: ['pipe', stdout === 'inherit' ? 'inherit' : 'pipe', stderr ? 'pipe' : 'inherit'],
      detached: around.groups !== undefined,
    })
    // A command that doesn't read its stdin closes it early: its own business.
    child.stdin?.on('error', () => {})
    child.stdin?.end(message.body)
    return child
  } catch (cause) {
    throw notStarted(program, cause as NodeJS.ErrnoException)
  }
}

/** How a command exits. @throws USAGE it was not started */
const exitOf = (child: ChildProcess, [program = '']: readonly string[]): Promise<CommandResult> =>
  new Promise((resolve, reject) => {
    // Of a process that runs it only says that a signal didn't reach it.
    child.on('error', (cause) => child.pid === undefined && reject(notStarted(program, cause)))
    child.once('exit', (code, signal) =>
      resolve(signal ? {code: 128 + constants.signals[signal], signal} : {code: code ?? 1}),
    )
  })

/** Ends a command before its time, and with a process group of its own all that belongs to it. */
class Ending {
  timedOut = false
  readonly #child: ChildProcess
  readonly #around: Surroundings
  readonly #timeout: NodeJS.Timeout | undefined
  #kill: NodeJS.Timeout | undefined
  /** When SIGTERM was sent, on the process's own clock. */
  #since: number | undefined

  constructor(child: ChildProcess, around: Surroundings, timeout: number | undefined) {
    this.#child = child
    this.#around = around
    if (child.pid !== undefined) around.groups?.add(child.pid)
    around.signal?.addEventListener('abort', this.#stop, {once: true})
    if (around.signal?.aborted) this.#stop()
    if (timeout !== undefined) this.#timeout = setTimeout(this.#timeOut, timerFor(timeout))
  }

  readonly #timeOut = (): void => {
    this.timedOut = true
    this.#stop()
  }

  readonly #stop = (): void => {
    if (this.#since !== undefined) return
    this.#since = performance.now()
    this.#send('SIGTERM')
    this.#kill = setTimeout(() => this.#send('SIGKILL'), LAST_WORDS)
  }

  #send(signal: NodeJS.Signals): void {
    const {pid} = this.#child
    if (pid === undefined) return
    if (this.#around.groups) signalGroup(pid, signal)
    else this.#child.kill(signal)
  }

  /** The command is gone. If it was ended, so is what it had started, or has got its SIGKILL. */
  async exited(): Promise<void> {
    this.#unarm()
    const {pid} = this.#child
    if (this.#since === undefined || !this.#around.groups || pid === undefined) return
    while (signalGroup(pid, 0) && performance.now() - this.#since < LAST_WORDS) await pause(LOOK)
    signalGroup(pid, 'SIGKILL')
  }

  /** What the command leaves running is its own business from now on. */
  clear(): void {
    this.#unarm()
    if (this.#child.pid !== undefined) this.#around.groups?.remove(this.#child.pid)
  }

  #unarm(): void {
    clearTimeout(this.#timeout)
    clearTimeout(this.#kill)
    this.#around.signal?.removeEventListener('abort', this.#stop)
  }
}
