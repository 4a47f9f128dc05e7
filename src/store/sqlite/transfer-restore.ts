import type {Channel, ChannelState} from '../../model/channel.js'
import type {Seq} from '../../model/message.js'
import type {Grant} from '../../model/permission.js'
import type {Role} from '../../model/role.js'
import type {Subscription} from '../../model/subscription.js'
import type {Belonging, StoredConversation} from '../../model/transfer.js'
import {channelRow, createChannel, getChannel} from './channels.js'
import type {Value} from './connection.js'
import {toConversation} from './conversations.js'
import {ALL_CHANNELS, addGrant} from './grants.js'
import {toBytes} from './ids.js'
import {logOf, saveLog} from './log.js'
import {roleId} from './roles.js'
import type {Session} from './session.js'
import {restoreConsumer, restoreDelivery} from './transfer-consumers.js'
import {restoreDeadLetter, restoreScheduled} from './transfer-letters.js'

/** Makes what isn't there, in one transaction. Returns what was made. @throws NOT_FOUND, EXISTS */
export function restore(session: Session, things: readonly Belonging[]): boolean[] {
  return session.connection.write(() => things.map((thing) => restoreOne(session, thing)))
}

function restoreOne(session: Session, thing: Belonging): boolean {
  switch (thing.record) {
    case 'role':
      return restoreRole(session, thing.role)
    case 'channel':
      return restoreChannel(session, thing.channel)
    case 'conversation':
      return restoreConversation(session, thing.conversation)
    case 'grant':
      return restoreGrant(session, thing.grant)
    case 'subscription':
      return restoreSubscription(session, thing.subscription)
    case 'consumer':
      return restoreConsumer(session, thing.consumer)
    case 'delivery':
      return restoreDelivery(session, thing.delivery)
    case 'deadLetter':
      return restoreDeadLetter(session, thing.deadLetter)
    case 'scheduled':
      return restoreScheduled(session, thing.scheduled)
  }
}

function restoreRole({connection, names}: Session, {name, description, members, createdAt, createdBy}: Role): boolean {
  if (connection.row('SELECT 1 FROM roles WHERE name = ?', [name])) return false
  const id = connection.insert('INSERT INTO roles (name, description, created_at, created_by) VALUES (?, ?, ?, ?)', [
    name,
    description ?? null,
    Date.parse(createdAt),
    createdBy,
  ])
  for (const actor of members)
    connection.run('INSERT INTO role_members (role_id, actor_id) VALUES (?, ?)', [id, names.intern(actor)])
  return true
}

function restoreChannel(session: Session, channel: Channel): boolean {
  const {name, state, createdAt, createdBy} = channel
  if (getChannel(session, name)) return false
  createChannel(session, name, channel, createdBy)
  const {id} = channelRow(session, name)
  session.connection.run('UPDATE channels SET state = ?, created_at = ? WHERE id = ?', [
    state,
    Date.parse(createdAt),
    id,
  ])
  return true
}

function restoreConversation({connection}: Session, conversation: StoredConversation): boolean {
  const {name, title, description, metadata, createdAt, createdBy, byHand} = conversation
  return (
    connection.run(PUT_CONVERSATION, {
      name,
      title: title ?? null,
      description: description ?? null,
      metadata: JSON.stringify(metadata),
      createdAt: Date.parse(createdAt),
      createdBy,
      byHand: Number(byHand),
    }) > 0
  )
}
// One that a send made is taken over by one that was made by hand, as `createConversation` does.
const PUT_CONVERSATION = `
  INSERT INTO conversations (name, title, description, metadata, created_at, created_by, by_hand)
  VALUES (:name, :title, :description, :metadata, :createdAt, :createdBy, :byHand)
      ON CONFLICT DO UPDATE
     SET title = :title, description = :description, metadata = :metadata, created_at = :createdAt,
         created_by = :createdBy, by_hand = 1
   WHERE by_hand = 0 AND :byHand = 1`

function restoreGrant(session: Session, {channel, actor, role, permission}: Grant): boolean {
  if (role !== undefined && roleId(session, role) === undefined) return false
  const on = channel === undefined ? ALL_CHANNELS : logOf(session, channel).id
  return addGrant(session, on, role === undefined ? {actor: actor ?? ''} : {role}, permission)
}

function restoreSubscription(session: Session, subscription: Subscription): boolean {
  const {channel, subscriber, id, kind, transport, endpoint, allowPrivate, types, paused, createdAt, createdBy} =
    subscription
  return (
    session.connection.run(PUT_SUBSCRIPTION, {
      channel: logOf(session, channel).id,
      subscriber: session.names.intern(subscriber),
      id: toBytes(id),
      kind,
      transport: transport ?? null,
      endpoint: endpoint ?? null,
      allowPrivate: Number(allowPrivate ?? false),
      types: types === undefined ? null : JSON.stringify(types),
      paused: Number(paused),
      createdAt: Date.parse(createdAt),
      createdBy,
    }) > 0
  )
}
const PUT_SUBSCRIPTION = `
  INSERT INTO subscriptions (
    channel_id, subscriber_id, id, kind, transport, endpoint, allow_private, types, paused, created_at, created_by)
  VALUES (:channel, :subscriber, :id, :kind, :transport, :endpoint, :allowPrivate, :types, :paused, :createdAt, :createdBy)
      ON CONFLICT DO NOTHING`

/** Says that a channel has reached a seq, or how it is from now on. @throws NOT_FOUND */
export function settleChannel(
  session: Session,
  name: string,
  {lastSeq, state, metadata}: {lastSeq?: Seq; state?: ChannelState; metadata?: Channel['metadata']},
): Channel {
  const {connection} = session
  return connection.write(() => {
    const log = logOf(session, name)
    if (lastSeq !== undefined && lastSeq > log.lastSeq) {
      if (log.count === 0) log.firstSeq = lastSeq + 1
      else log.holeSeq = lastSeq
      log.lastSeq = lastSeq
      saveLog(session, log)
    }
    if (state !== undefined) connection.run('UPDATE channels SET state = ? WHERE id = ?', [state, log.id])
    if (metadata !== undefined)
      connection.run('UPDATE channels SET metadata = ? WHERE id = ?', [JSON.stringify(metadata), log.id])
    return channelRow(session, name).channel
  })
}

/** Conversations by name; with `channels`, those that have a message there. */
export function storedConversations({connection}: Session, channels?: readonly string[]): StoredConversation[] {
  const rows = channels === undefined ? connection.all(ALL) : connection.all(OF_CHANNELS, [JSON.stringify(channels)])
  return rows.map(toStoredConversation)
}
const ALL = 'SELECT * FROM conversations ORDER BY name'
const OF_CHANNELS = `
  SELECT * FROM conversations
   WHERE EXISTS (SELECT 1 FROM messages JOIN channels ON channels.id = channel_id
                  WHERE conversation_id = conversations.id AND deleted_at IS NULL
                    AND channels.name COLLATE BINARY IN (SELECT value FROM json_each(?)))
   ORDER BY name`

const toStoredConversation = (row: Record<string, Value>): StoredConversation => ({
  ...toConversation(row),
  byHand: row['by_hand'] === 1,
})
