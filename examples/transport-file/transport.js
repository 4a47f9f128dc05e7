/**
 * A transport for leat: appends each message to the file that the endpoint of a subscription names, as a line of JSON.
 *
 *   leat subscribe ops --transport file --endpoint file:/var/log/ops.jsonl --allow-private
 */
import {open} from 'node:fs/promises'
import {fileURLToPath} from 'node:url'

/** oclif calls this when leat looks for transports (the hook `leat:transports` of package.json). */
export default async function registerTransports({register, messageJson}) {
  register(fileTransport(messageJson))
}

/** @param messageJson leat's own: JSON.stringify would round large numbers in the content */
export const fileTransport = (messageJson) => ({
  name: 'file',

  isAvailable: () => true,

  /** Why a subscription can't be delivered to; undefined when it can. */
  refuses({endpoint, allowPrivate}) {
    if (pathOf(endpoint) === undefined) return 'file delivers to an absolute path: --endpoint file:/var/log/ops.jsonl'
    // Subscriptions are made by the network too. This flag is not: whoever gave it was on this machine.
    return allowPrivate ? undefined : 'a file of this machine needs --allow-private'
  },

  /** One message, for each of its recipients. What goes wrong is told, not thrown. */
  async send(message, _channel, recipients) {
    const failed = []
    for (const {subscription} of recipients) {
      const refusal = this.refuses(subscription)
      // `final` makes a dead letter. A full disk or a missing folder may be mended: leat tries again.
      if (refusal !== undefined) failed.push({error: refusal, failure: 'final'})
      else
        await append(pathOf(subscription.endpoint), `${messageJson(message)}\n`).catch((error) =>
          failed.push({error: error.message, failure: 'retry'}),
        )
    }
    return {
      success: failed.length === 0,
      deliveredCount: recipients.length - failed.length,
      failedCount: failed.length,
      errors: failed.map(({error}) => error),
      failure: failed.at(-1)?.failure,
    }
  },
})

function pathOf(endpoint) {
  if (!endpoint?.startsWith('file:/') || !URL.canParse(endpoint)) return undefined
  const {protocol, host} = new URL(endpoint)
  return protocol === 'file:' && host === '' ? fileURLToPath(endpoint) : undefined
}

/** Delivered is what is on the disk: only then does leat go on to the next message. */
async function append(path, line) {
  const file = await open(path, 'a', 0o600)
  try {
    await file.appendFile(line)
    await file.sync()
  } finally {
    await file.close()
  }
}
