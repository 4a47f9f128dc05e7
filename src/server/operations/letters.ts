/** What was given up on, and what is pushed. */
import type {DeadLetterFilter} from '../../bus/dead-letters.js'
import type {DeliveryFilter} from '../../bus/deliveries.js'
import type {DeadLetter} from '../../model/dead-letter.js'
import {DELIVERY_STATES} from '../../model/delivery.js'
import {LeatError} from '../../model/errors.js'
import type {Operation} from '../operation.js'
import {flag, limit, oneOf, text} from './fields.js'
import {firstOf} from './first.js'

const filter = {
  channel: text('Only of this channel.'),
  group: text('Only of this group.'),
  subscriber: text('Only what could not be delivered to this subscriber.'),
  message: text('Only of this message, or the one with this id.'),
}

/** Things of a list that doesn't say how many. */
const LISTED = 100

const list: Operation<DeadLetterFilter & {limit?: number}> = {
  name: 'dead.list',
  summary: 'Dead letters, oldest first.',
  http: {method: 'GET', path: '/dead'},
  input: {type: 'object', properties: {...filter, limit: limit(LISTED)}},
  async run({bus, input: {limit = LISTED, ...filter}}) {
    const {items, end} = await firstOf(bus.deadLetters(filter), limit)
    return {deadLetters: items.map(letterJson), end}
  },
}

/** The message last, as the command line has it. */
const letterJson = ({message, ...letter}: DeadLetter): object => ({...letter, message})

const all = flag('Whatever the actor may: needed where nothing else is said.')

/** What acts on many has to be told on which: an empty input is more likely a mistake. @throws USAGE */
function chosen<T extends object>({all = false, ...rest}: T & {all?: boolean}): Omit<T, 'all'> {
  if (all || Object.values(rest).some((value) => value !== undefined)) return rest as Omit<T, 'all'>
  throw new LeatError('USAGE', 'which ones?', {hint: 'name a channel, a message or a subscriber, or all'})
}

const redrive: Operation<DeadLetterFilter & {all?: boolean}> = {
  name: 'dead.redrive',
  summary: 'Give dead letters to their groups again, all or none.',
  http: {method: 'POST', path: '/dead/redrive'},
  input: {type: 'object', properties: {...filter, all}},
  run: async ({bus, input}) => ({redriven: await bus.redrive(chosen(input))}),
}

const purge: Operation<DeadLetterFilter & {all?: boolean; dryRun?: boolean}> = {
  name: 'dead.purge',
  summary: 'Delete dead letters.',
  http: {method: 'DELETE', path: '/dead'},
  input: {type: 'object', properties: {...filter, all, dryRun: flag('Only count.')}},
  run: async ({bus, input: {dryRun, ...rest}}) => ({purged: await bus.purge({...chosen(rest), dryRun})}),
}

const delivery = {
  channel: text('Only of this channel.'),
  subscriber: text('Only to this subscriber.'),
  state: oneOf(DELIVERY_STATES, 'Only in this state.'),
  message: text('Only of this message, or the one with this id.'),
}

const deliveries: Operation<DeliveryFilter & {limit?: number}> = {
  name: 'delivery.list',
  summary: 'What is pushed to subscribers: attempts, errors, the next try.',
  http: {method: 'GET', path: '/deliveries'},
  input: {type: 'object', properties: {...delivery, limit: limit(LISTED)}},
  async run({bus, input: {limit = LISTED, ...filter}}) {
    const {items, end} = await firstOf(bus.deliveries(filter), limit)
    return {deliveries: items, end}
  },
}

const retry: Operation<DeliveryFilter & {all?: boolean}> = {
  name: 'delivery.retry',
  summary: 'Try deliveries again now: what waits for its next attempt, and what failed.',
  http: {method: 'POST', path: '/deliveries/retry'},
  input: {type: 'object', properties: {...delivery, all}},
  run: async ({bus, input}) => ({retried: await bus.retryDeliveries(chosen(input))}),
}

export const LETTERS = [list, redrive, purge, deliveries, retry]
