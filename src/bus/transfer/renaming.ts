import {Message, type MessageFields} from '../../model/message.js'
import type {TransferRecord} from '../../model/transfer.js'

/** Channels under other names: old → new. */
export type Renaming = ReadonlyMap<string, string>

/** A record as it is with channels under other names. */
export function renamed(record: TransferRecord, names: Renaming): TransferRecord {
  if (names.size === 0) return record
  const to = (name: string): string => names.get(name) ?? name
  const message = <T extends MessageFields>(fields: T): T => ({
    ...fields,
    channel: to(fields.channel),
    ...(fields.replyChannel !== undefined && {replyChannel: to(fields.replyChannel)}),
  })
  switch (record.record) {
    case 'message':
      return {...record, message: message(record.message)}
    case 'channel':
      return {...record, channel: {...record.channel, name: to(record.channel.name)}}
    case 'grant': {
      const {channel} = record.grant
      return channel === undefined ? record : {...record, grant: {...record.grant, channel: to(channel)}}
    }
    case 'subscription':
      return {...record, subscription: {...record.subscription, channel: to(record.subscription.channel)}}
    case 'consumer': {
      const {consumer} = record
      const pending = consumer.pending?.map((delivery) => ({...delivery, channel: to(delivery.channel)}))
      return {...record, consumer: {...consumer, channel: to(consumer.channel), ...(pending && {pending})}}
    }
    case 'delivery':
      return {...record, delivery: {...record.delivery, channel: to(record.delivery.channel)}}
    case 'deadLetter': {
      const {deadLetter} = record
      const copy = new Message(message({...deadLetter.message}))
      return {...record, deadLetter: {...deadLetter, channel: to(deadLetter.channel), message: copy}}
    }
    case 'scheduled': {
      const {scheduled} = record
      return {...record, scheduled: {...scheduled, message: new Message(message({...scheduled.message}))}}
    }
    default:
      return record
  }
}
