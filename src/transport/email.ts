/** Mails by SMTP, one a message, to the address that is the subscription's endpoint. */
import {hostname} from 'node:os'
import type {Environment} from '../model/environment.js'
import type {Message} from '../model/message.js'
import type {Subscription} from '../model/subscription.js'
import {toEach} from './each.js'
import {brokenHeader, type Mail, mailAddressOf, mailOf, senderOf} from './mail.js'
import {reasonOf, shownEndpoint} from './shown.js'
import {unlessStopped} from './stopping.js'
import {delivered, notDelivered, type Recipient, type Transport, type TransportResult} from './transport.js'

/** Milliseconds to connect, and that the server may keep silent. */
const SMTP_TIMEOUT = 15_000

export class EmailTransport implements Transport {
  readonly name = 'email'
  readonly #url: string | undefined
  readonly #from: string

  /** @param env `LEAT_SMTP_URL` (`smtps://user:password@host`), and `LEAT_SMTP_FROM`, by default leat at this host */
  constructor(env: Environment) {
    this.#url = env['LEAT_SMTP_URL'] || undefined
    this.#from = env['LEAT_SMTP_FROM'] || `leat@${hostname()}`
  }

  isAvailable(): boolean {
    return this.#lack === undefined
  }

  unavailableBecause(): string {
    return this.#lack ?? 'nothing is missing'
  }

  /** What has to be set. The URL is not told: it has the password. */
  get #lack(): string | undefined {
    if (this.#url === undefined) return 'set LEAT_SMTP_URL, like smtps://user:password@mail.example.org'
    if (!isSmtpUrl(this.#url)) return 'LEAT_SMTP_URL is not a URL that begins with smtp:// or smtps://'
    return senderOf(this.#from) ? undefined : `LEAT_SMTP_FROM is not a mail address: ${JSON.stringify(this.#from)}`
  }

  refuses({endpoint}: Subscription): string | undefined {
    if (endpoint === undefined) return 'email needs an endpoint, like mailto:alice@example.org'
    return mailAddressOf(endpoint) ? undefined : `email delivers to a mail address, not to ${shownEndpoint(endpoint)}`
  }

  readonly send: Transport['send'] = (message, _channel, recipients, {signal}) =>
    toEach(recipients, (recipient) => unlessStopped(signal, () => this.#deliver(message, recipient, signal)))

  async #deliver(message: Message, recipient: Recipient, stop: AbortSignal): Promise<TransportResult> {
    const {subscription} = recipient
    const from = senderOf(this.#from)
    if (!from || this.#url === undefined) return notDelivered(`email is not available: ${this.unavailableBecause()}`)
    const address = mailAddressOf(subscription.endpoint ?? '')
    if (address === undefined) return notDelivered(this.refuses(subscription) ?? '', {failure: 'final'})
    const mail = mailOf(message, recipient, from, address)
    const broken = brokenHeader(mail)
    if (broken !== undefined) return notDelivered(`the header ${broken} has a line break in it`, {failure: 'final'})
    return post(mail, this.#url, stop)
  }
}

const isSmtpUrl = (url: string): boolean => URL.canParse(url) && ['smtp:', 'smtps:'].includes(new URL(url).protocol)

/** Every option of the mailer may be set in the URL: `smtp://host?requireTLS=true`. */
async function post(mail: Mail, url: string, stop: AbortSignal): Promise<TransportResult> {
  const {createTransport} = await import('nodemailer')
  const mailer = createTransport({
    connectionTimeout: SMTP_TIMEOUT,
    greetingTimeout: SMTP_TIMEOUT,
    socketTimeout: SMTP_TIMEOUT,
    url,
  })
  const close = (): void => mailer.close()
  stop.addEventListener('abort', close, {once: true})
  try {
    // Content is content: nothing of it names a file or a URL to be fetched.
    await mailer.sendMail({...mail, disableFileAccess: true, disableUrlAccess: true})
    return delivered()
  } catch (error) {
    return refused(error as SmtpError)
  } finally {
    stop.removeEventListener('abort', close)
    mailer.close()
  }
}

/** What nodemailer adds to its errors. */
interface SmtpError extends Error {
  code?: string
  /** What the server answered: 550. */
  responseCode?: number
}

/** What the server has against this mail. A wrong password is nothing that a message could help. */
const AGAINST_THE_MAIL = ['EENVELOPE', 'EMESSAGE']

function refused(error: SmtpError): TransportResult {
  const {code = '', responseCode: status} = error
  const final = AGAINST_THE_MAIL.includes(code) && (status === undefined || status >= 500)
  return notDelivered(`mail server: ${reasonOf(error)}`, {
    ...(final && {failure: 'final'}),
    ...(status !== undefined && {status}),
  })
}
