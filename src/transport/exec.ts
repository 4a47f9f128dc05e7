/** A shell command for each message, as `work` runs it: the content on its stdin, the rest in its environment. */
import {LeatError} from '../model/errors.js'
import type {Message} from '../model/message.js'
import type {Subscription} from '../model/subscription.js'
import {toEach} from './each.js'
import {oneLine} from './shown.js'
import {stopped} from './stopping.js'
import {delivered, notDelivered, type Recipient, type Transport, type TransportResult} from './transport.js'

/** Milliseconds that a command may take; then it is ended. */
const EXEC_TIMEOUT = 10 * 60_000
/** EX_DATAERR and EX_USAGE of sysexits.h: the message is at fault, and stays so. */
const FINAL_CODES = [64, 65]

/** How a command ended. */
export interface CommandEnd {
  /** Exit code, 128 + N when a signal ended it. */
  code: number
  signal?: NodeJS.Signals
  timedOut?: boolean
  /** The end of what it wrote there. */
  stderr?: string
}

/** Runs a command for a message, which it gets on stdin and in its environment. @throws USAGE it can't be started */
export type RunCommand = (
  command: readonly string[],
  message: Message,
  options: {
    /** On whose behalf: `LEAT_AS`. */
    actor: string
    /** Ends it. */
    signal: AbortSignal
    /** Milliseconds. */
    timeout: number
    /** Variables besides those of the message. */
    variables: Readonly<Record<string, string>>
  },
) => Promise<CommandEnd>

export class ExecTransport implements Transport {
  readonly name = 'exec'
  readonly #run: RunCommand

  constructor(run: RunCommand) {
    this.#run = run
  }

  isAvailable(): boolean {
    return true
  }

  /** Nothing becomes a command because an endpoint looks like one. */
  refuses({transport, endpoint}: Subscription): string | undefined {
    if (transport !== this.name) return 'exec runs commands only for subscriptions that name it: --transport exec'
    return endpoint === undefined || endpoint.trim() === '' ? "exec needs an endpoint, like './notify.sh'" : undefined
  }

  readonly send: Transport['send'] = (message, _channel, recipients, {signal}) =>
    toEach(recipients, (recipient) => this.#deliver(message, recipient, signal))

  async #deliver(message: Message, recipient: Recipient, signal: AbortSignal): Promise<TransportResult> {
    const {subscription, deliveryId, attempt} = recipient
    const refusal = this.refuses(subscription)
    if (refusal !== undefined) return notDelivered(refusal, {failure: 'final'})
    if (signal.aborted) return stopped()
    try {
      const end = await this.#run(['sh', '-c', subscription.endpoint ?? ''], message, {
        actor: subscription.subscriber,
        signal,
        timeout: EXEC_TIMEOUT,
        variables: {LEAT_DELIVERY_ID: deliveryId, LEAT_MSG_ATTEMPT: String(attempt)},
      })
      // One that has done it all before it was told to end has delivered.
      if (end.code === 0 && !end.timedOut) return delivered()
      return signal.aborted ? stopped() : failed(end)
    } catch (error) {
      if (error instanceof LeatError) return notDelivered(oneLine(error.message)) // there is no shell
      throw error
    }
  }
}

function failed({code, signal, timedOut = false, stderr = ''}: CommandEnd): TransportResult {
  const how = timedOut ? `took longer than ${EXEC_TIMEOUT / 60_000} minutes` : (signal ?? `exit code ${code}`)
  // What it said last says most.
  const said = oneLine(stderr.trimEnd().slice(-150))
  const final = signal === undefined && !timedOut && FINAL_CODES.includes(code)
  return notDelivered(`the command: ${how}${said === '' ? '' : `: ${said}`}`, final ? {failure: 'final'} : {})
}
