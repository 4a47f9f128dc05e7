/** How long searches take in a large store. */

import {figuresOf} from '../measuring/figures.js'
import {channelName, HALF, onlyIn, SELDOM} from '../measuring/filled.js'
import {row} from '../measuring/row.js'
import {vocabulary} from '../measuring/vocabulary.js'

/** Milliseconds, p95, warm. */
const AIM = 50

/** @returns {Record<string, [query: string, options: object]>} what is looked for, by what it shows */
function searches(middle) {
  const words = vocabulary()
  const [often, second] = words
  const beginning = (word, length = 2) => `${word.slice(0, length)}*`
  const [busy, quiet] = [channelName(3), channelName(503)]
  return {
    'a word that half of all messages have': [HALF, {}],
    'a word in a thousandth': [SELDOM, {}],
    'a word of one message': [onlyIn(5001), {}],
    'a word that is nowhere': ['nowhere', {}],
    'half, in a busy channel': [HALF, {channels: [busy]}],
    'seldom, in a quiet channel': [SELDOM, {channels: [quiet]}],
    'half, in a tenth of the channels': [HALF, {channels: ['team0[0-3].*']}],
    'half, of a sender': [HALF, {filter: {senders: ['sender7']}}],
    'half, of a type': [HALF, {filter: {types: ['build.done']}}],
    'half but not seldom': [`${HALF} -${SELDOM}`, {}],
    'half and a word': [`${HALF} ${words[40]}`, {}],
    'two words that are seldom together': [`${words[2000]} ${words[3000]}`, {}],
    'a phrase': [`"${often} ${second}"`, {}],
    'a beginning that most messages have': [beginning(often), {}],
    'a beginning that some have': [beginning(words[1500], 3), {}],
    'a beginning that few have': [beginning(words[6000], 5), {}],
    'a common beginning and seldom': [`${beginning(often)} ${SELDOM}`, {}],
    'a common beginning, of a sender': [beginning(often), {filter: {senders: ['sender7']}}],
    'half, no word that begins so': [`${HALF} -${beginning(second)}`, {}],
    'half, until the middle': [HALF, {filter: {until: middle}}],
    'half in a channel, until the middle': [HALF, {channels: [busy], filter: {until: middle}}],
    'a common beginning, until the middle': [beginning(often), {filter: {until: middle}}],
    'half, since the middle': [HALF, {filter: {since: middle}}],
    'half, by relevance': [HALF, {sort: 'relevance'}, 'no aim'],
  }
}

/** When half of a channel's messages were stored, in milliseconds since 1970. */
async function middleOf({context: {store}}) {
  const channel = channelName(0)
  const {lastSeq} = await store.channels.get(channel)
  const [message] = await store.messages.find({by: 'place', channel, seq: Math.ceil(lastSeq / 2)})
  return Date.parse(message.time)
}

/** @returns {Promise<import('../measuring/row.js').Row[]>} one of each search, in the library, twenty messages */
export async function searchRows({bus}, {rounds, say}) {
  const wanted = Object.entries(searches(await middleOf(bus)))
  const samples = new Map(wanted.map(([name]) => [name, []]))
  for (let round = -2; round < rounds; round++)
    for (const [name, [query, options]] of wanted) {
      const began = performance.now()
      await bus.search(query, {limit: 20, ...options})
      if (round >= 0) samples.get(name).push(performance.now() - began)
      say(`search ${round < 0 ? 'warming' : `${round + 1} of ${rounds}`}: ${name}`)
    }
  return wanted.map(([name, [, , noAim]]) =>
    row({name: `search: ${name}`, unit: 'ms', ...figuresOf(samples.get(name)), ...(!noAim && {aimP95: AIM})}),
  )
}
