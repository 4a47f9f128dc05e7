/** A store of many messages: 1,000 channels, 20 of them busy, with threads, readers, JSON and text of some 300 bytes. */
import {openBus} from '../../dist/index.js'
import {dice, vocabulary, wordOf} from './vocabulary.js'

const CHANNELS = 1_000
/** Every second message goes to one of these. */
const BUSY = 20
/** Messages of a thread, in busy channels; elsewhere nothing is answered. */
const THREAD = 20
const SENDERS = 50
const TYPES = ['message', 'message', 'message', 'build.done', 'alert']
/** Messages of one transaction, and of one step of the index. */
const CHUNK = 10_000
const INDEXED = 5_000
/** Bytes of content, or so. */
const CONTENT = 300

/** @param {number} number from 0; the first are busy */
export const channelName = (number) => `team${String(number % 40).padStart(2, '0')}.c${String(number).padStart(4, '0')}`

/** The word that half of all messages have, one that a thousandth has, and the one of a single message. */
export const HALF = 'half'
export const SELDOM = 'seldom'
export const onlyIn = (number) => `n${number}`

/**
 * Fills a store that isn't there yet, by what `send` uses: `append`. Ten million messages take a quarter of an hour.
 * @param {{path: string, messages: number, indexed?: number, say?: (line: string) => void}} options `indexed`: so many are put
 *   into the index of the search (default all)
 */
export async function fillStore({path, messages, indexed = messages, say = () => {}}) {
  const bus = await openBus({store: path, as: 'owner', create: true})
  try {
    for (let number = 0; number < CHANNELS; number++) await bus.createChannel(channelName(number))
    const {store} = bus.context
    const next = messageSource(bus.context.ids)
    for (let number = 0; number < messages; number += CHUNK) {
      await store.messages.append(
        Array.from({length: Math.min(CHUNK, messages - number)}, (_, at) => next(number + at)),
      )
      say(`storing: ${number.toLocaleString('en')} of ${messages.toLocaleString('en')}`)
    }
    await placeReaders(bus)
    for (let done = 0; done < indexed; say(`putting into the index: ${done.toLocaleString('en')}`))
      done += (await store.search.index({limit: Math.min(INDEXED, indexed - done), begin: true})).done
  } finally {
    await bus.close()
  }
}

/** Half of the channels are read up to three messages from the end, by the actor of the measurements. */
async function placeReaders(bus) {
  for (const {name, lastSeq} of await bus.context.store.channels.all())
    if (lastSeq % 2 === 0)
      await bus.context.store.consumers.seek({channel: name, reader: 'bench'}, Math.max(0, lastSeq - 3), {
        actor: 'bench',
      })
}

/** @returns {(number: number) => import('../../dist/index.js').Outgoing} the messages, one by one */
function messageSource(ids) {
  const words = vocabulary()
  const roll = dice(1)
  const below = (count) => Math.floor(roll() * count)
  const threads = new Map()
  const said = (number, length) => {
    let text = `${number % 2 ? HALF : 'other'} ${onlyIn(number)}${number % 1000 === 7 ? ` ${SELDOM}` : ''}`
    while (text.length < length) text += ` ${wordOf(words, roll)}`
    return text
  }
  return (number) => {
    const channel = number % 2 ? below(BUSY) : BUSY + below(CHANNELS - BUSY)
    const isJson = below(2) === 0
    const id = ids()
    const message = {
      id,
      channels: [channelName(channel)],
      sender: `sender${below(SENDERS)}`,
      type: TYPES[below(TYPES.length)],
      contentType: isJson ? 'application/json' : 'text/plain',
      body: isJson
        ? `{"level":"info","number":${number},"host":"db-${below(40)}","took":${below(5000) / 10},"text":"${said(number, CONTENT - 80)}"}`
        : said(number, CONTENT),
      ...(below(100) === 0 ? {recipient: `sender${below(SENDERS)}`} : {}),
    }
    if (channel >= BUSY) return message
    const thread = threads.get(channel)
    if (!thread || thread.length === THREAD || message.recipient) {
      if (!message.recipient) threads.set(channel, [id])
      return message
    }
    const replyTo = thread[below(thread.length)]
    thread.push(id)
    return {...message, replyTo, thread: thread[0]}
  }
}
