/** Who reads, works and delivers: places beyond the end, and what is in hands that are gone. */

import {counted} from '../../../model/counted.js'
import type {Finding} from '../../../model/maintenance.js'
import type {Raw} from '../connection.js'
import {type Holder, isGone} from '../holder.js'
import {breath, damage, finding, type Patient} from './findings.js'

/** What is told one by one; of more only how many. */
const MOST = 100

export async function* checkWork(patient: Patient): AsyncGenerator<Finding> {
  for (const part of [cursors, holds, inFlight, deliveries, processes]) {
    yield* patient.connection.read(() => part(patient))
    await breath()
  }
}

/** Readers, groups and subscribers that are further than their channel. */
function cursors({connection}: Patient): Finding[] {
  const beyond = connection.rows(BEYOND).map(([channel, kind, name, cursor, last]) => {
    const place = `${channel}:${name}`
    const who = kind === 'reader' ? `reader ${name}` : kind === 'push' ? `subscriber ${name}` : `group ${name}`
    const hint =
      kind === 'reader'
        ? `leat cursor set ${channel} now --reader ${name}`
        : kind === 'push'
          ? `leat unsubscribe ${channel} --subscriber ${name}, and subscribe again`
          : 'nothing is given to it until the channel gets there; use another --group'
    return damage('cursor', `${who} is at ${cursor} of ${channel}, which ends at ${last}`, place, hint)
  })
  const without = connection
    .rows(PUSH_WITHOUT_SUBSCRIPTION)
    .map(([channel, name]) =>
      damage('cursor', `${name} is pushed ${channel} without a subscription`, `${channel}:${name}`),
    )
  return [...beyond, ...without]
}
const OF_CHANNEL = `
  JOIN channels ON channels.id = consumers.channel_id JOIN counters ON counters.channel_id = channels.id
  JOIN names ON names.id = name_id`
const BEYOND = `
  SELECT channels.name, kind, names.name, cursor, last_seq FROM consumers ${OF_CHANNEL}
   WHERE cursor > last_seq OR hold_up_to > last_seq`
const PUSH_WITHOUT_SUBSCRIPTION = `
  SELECT channels.name, names.name FROM consumers ${OF_CHANNEL}
   WHERE kind = 'push' AND NOT EXISTS (
     SELECT 1 FROM subscriptions WHERE subscriptions.channel_id = channels.id AND subscriber_id = name_id)`

/** Readers whose messages are in the hands of nobody. */
function holds({connection, clock}: Patient): Finding[] {
  return connection.rows(HELD).flatMap(([channel, name, process, until]) => {
    const why = whyGone(process as string, until as number, clock())
    if (why === undefined) return []
    return finding('note', 'hold', `reader ${name} of ${channel} holds messages, but ${why}`, {
      place: `${channel}:${name}`,
      hint: `leat read ${channel} --reader ${name}: they are given again`,
    })
  })
}
const HELD = `
  SELECT channels.name, names.name, hold_process, hold_until FROM consumers ${OF_CHANNEL} WHERE hold_token IS NOT NULL`

/** Claims that ended without anybody noticing, and such as have no message. */
function inFlight({connection, clock}: Patient): Finding[] {
  const lost = few(connection.rows(IN_FLIGHT_LOST), ([channel, seq, group]) =>
    damage('claim', `${channel}/${seq} is in flight for ${group}, but not stored`, `${channel}/${seq}`),
  )
  const stuck = few(
    connection.rows(CLAIMED).flatMap((row) => {
      const why = whyGone(row[3] as string | null, row[4] as number, clock())
      return why === undefined ? [] : [[...row.slice(0, 3), why] as Raw]
    }),
    ([channel, seq, group, why]) =>
      finding('note', 'claim', `${channel}/${seq} is claimed by ${group}, but ${why}`, {
        place: `${channel}/${seq}`,
        hint: `leat work ${channel} --group ${group}, or claim: it is given again`,
      }),
  )
  return [...lost, ...stuck]
}
const IN_FLIGHT_OF = `
  FROM in_flight JOIN channels ON channels.id = in_flight.channel_id JOIN names ON names.id = in_flight.name_id`
const IN_FLIGHT_LOST = `
  SELECT channels.name, seq, names.name ${IN_FLIGHT_OF}
   WHERE NOT EXISTS (SELECT 1 FROM messages WHERE messages.channel_id = in_flight.channel_id AND messages.seq = in_flight.seq)`
const CLAIMED = `
  SELECT channels.name, seq, names.name, holder, until ${IN_FLIGHT_OF} LEFT JOIN processes ON processes.id = process_id
   WHERE nonce IS NOT NULL`

/** Deliveries in hands that are gone, and such as have no message or no subscriber. */
function deliveries({connection, clock}: Patient): Finding[] {
  const lost = few(connection.rows(DELIVERIES_LOST), ([channel, seq, name, state]) =>
    damage(
      'delivery',
      `the delivery of ${channel}/${seq} to ${name} is ${state}, but it is not stored`,
      `${channel}/${seq}`,
    ),
  )
  const forNobody = few(connection.rows(DELIVERIES_FOR_NOBODY), ([channel, seq, name]) =>
    damage('delivery', `${channel}/${seq} is delivered to ${name}, who is not subscribed`, `${channel}/${seq}`),
  )
  const stuck = few(
    connection.rows(IN_HAND).flatMap((row) => {
      const why = whyGone(row[3] as string | null, row[4] as number, clock())
      return why === undefined ? [] : [[...row.slice(0, 3), why] as Raw]
    }),
    ([channel, seq, name, why]) =>
      finding('note', 'delivery', `${channel}/${seq} is being delivered to ${name}, but ${why}`, {
        place: `${channel}/${seq}`,
        hint: 'leat deliver, or serve: it is tried again',
      }),
  )
  return [...lost, ...forNobody, ...stuck]
}
const DELIVERIES_OF = `
  FROM deliveries JOIN channels ON channels.id = deliveries.channel_id JOIN names ON names.id = subscriber_id`
const DELIVERIES_LOST = `
  SELECT channels.name, seq, names.name, deliveries.state ${DELIVERIES_OF}
   WHERE NOT EXISTS (SELECT 1 FROM messages WHERE messages.channel_id = deliveries.channel_id AND messages.seq = deliveries.seq)`
const DELIVERIES_FOR_NOBODY = `
  SELECT channels.name, seq, names.name ${DELIVERIES_OF}
   WHERE NOT EXISTS (SELECT 1 FROM subscriptions
                      WHERE subscriptions.channel_id = deliveries.channel_id
                        AND subscriptions.subscriber_id = deliveries.subscriber_id)`
const IN_HAND = `
  SELECT channels.name, seq, names.name, holder, until ${DELIVERIES_OF} LEFT JOIN processes ON processes.id = process_id
   WHERE nonce IS NOT NULL`

/** Workers whose process nobody knows, and processes that are gone. */
function processes({connection}: Patient): Finding[] {
  const found: Finding[] = []
  const unknown = connection.row(WORKERS_WITHOUT)?.[0] as number
  if (unknown > 0) found.push(damage('worker', `the process of ${counted(unknown, 'worker')} is missing`))
  const holders = connection.rows('SELECT holder FROM processes').map(([holder]) => holderOf(holder as string))
  const gone = holders.filter((holder) => holder && isGone(holder)).length
  if (gone > 0)
    found.push(
      finding('note', 'process', `${gone} of the processes that claimed or worked ended`, {
        hint: 'nothing: the next that claims takes them off the list',
      }),
    )
  return found
}
const WORKERS_WITHOUT = 'SELECT count(*) FROM workers WHERE process_id NOT IN (SELECT id FROM processes)'

/** Why a holder has lost what it holds; undefined while it may have it. */
function whyGone(holderJson: string | null, until: number, now: number): string | undefined {
  const holder = holderJson === null ? undefined : holderOf(holderJson)
  if (holder && isGone(holder)) return `process ${holder.pid} is gone`
  return until <= now ? `its lease ended at ${new Date(until).toISOString()}` : undefined
}

function holderOf(json: string): Holder | undefined {
  try {
    return JSON.parse(json) as Holder
  } catch {
    return undefined // then its lease decides
  }
}

function few(rows: readonly Raw[], tell: (row: Raw) => Finding): Finding[] {
  const told = rows.slice(0, MOST).map(tell)
  const last = told.at(-1)
  if (rows.length <= MOST || !last) return told
  const {severity, kind, hint} = last
  return [...told, finding(severity, kind, `and ${rows.length - MOST} more like it`, {hint})]
}
