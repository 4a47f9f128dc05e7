/** What is done to messages from the browser: one call of the bus, and a sentence about it. */
import type {Bus} from '../../bus/bus.js'
import {redrivenSentence} from '../../cli/output/views/dead-letter.js'
import type {Body} from '../../model/content.js'
import {BYTES} from '../../model/content.js'
import type {Receipt} from '../../model/message.js'
import {parseMessageRef, parsePlace, placeName, shortId} from '../../model/reference.js'
import type {Event, Target} from './step.js'

/** @throws as `bus.reply` */
export async function reply(bus: Bus, to: string, body: Body): Promise<Event> {
  const receipt = await bus.reply(to, {body, ...(typeof body !== 'string' && {contentType: BYTES})})
  return {type: 'done', text: `sent ${sentName(receipt)}`}
}

function sentName({id, sent}: Receipt): string {
  const [first] = sent
  return first && 'seq' in first ? placeName(first) : shortId(id)
}

/** Finishes the actor's own claim on a message, else moves the reader's cursor up to it. @throws as `bus.ack`, `bus.commitCursor` */
export async function ack(bus: Bus, place: string, reader: string): Promise<Event> {
  const {claims, message} = await bus.show(place)
  const own = claims.find(({state, by}) => state === 'claimed' && by === bus.context.actor)
  if (own) {
    const {group, channel} = own
    await bus.ack({claim: placeName(own), group, channel})
    return {type: 'done', text: `your claim on ${place} for ${group} is finished`}
  }
  const name = parsePlace(place) ? place : placeName(message)
  const {from, to} = await bus.commitCursor(name, {reader})
  const text =
    to > from ? `${reader} has read ${message.channel} up to ${to}` : `${reader} had read it: the cursor is at ${from}`
  return {type: 'done', text}
}

/** @throws as `bus.redrive` */
export async function redrive(bus: Bus, letter: string): Promise<Event> {
  const [redriven] = await bus.redrive({message: letter})
  return redriven
    ? {type: 'done', text: redrivenSentence(redriven)}
    : {type: 'failed', text: 'it is gone, has expired, or is pushed nowhere any more'}
}

/** @throws as `bus.redact` */
export async function redact(bus: Bus, message: string): Promise<Event> {
  const [place] = await bus.redact(message)
  return {type: 'done', text: `redacted ${message}`, ...(place && {redacted: place.id})}
}

/** The message beside another in its channel. */
export async function neighbour(
  bus: Bus,
  {channel, seq, side}: {channel: string; seq: number; side: 'earlier' | 'later'},
): Promise<Event> {
  const options =
    side === 'earlier'
      ? ({order: 'backward', before: {[channel]: seq}} as const)
      : ({order: 'forward', after: {[channel]: seq}} as const)
  const {messages} = await bus.page([channel], {...options, limit: 1})
  const [message] = messages
  if (message) return {type: 'resolved', target: {message: placeName(message)}, isInstead: true}
  return {type: 'said', text: `it is the ${side === 'earlier' ? 'first' : 'last'} of ${channel}`}
}

/**
 * What a word names: `ops/42` and an id a message, else a channel; the end of an id, where there is no such channel.
 * @throws NOT_FOUND, FORBIDDEN, INVALID, USAGE
 */
export async function resolveTarget(bus: Bus, text: string): Promise<Target> {
  const channel = text.replace(/\/$/, '')
  const isMessage = parsePlace(text) !== undefined || isMessageRef(text)
  const there = await bus.context.store.channels.get(channel)
  if (there || !isMessage) {
    await bus.channels({pattern: channel})
    return {channel}
  }
  const {message} = await bus.show(text)
  return {message: message.seq > 0 ? placeName(message) : message.id}
}

function isMessageRef(text: string): boolean {
  try {
    parseMessageRef(text)
    return true
  } catch {
    return false // a channel, then
  }
}
