import {LIMITS} from '../../model/limits.js'
import type {Message} from '../../model/message.js'
import type {MessageRef} from '../../model/reference.js'
import {idEnd, toBytes} from './ids.js'
import {findLog} from './log.js'
import {MESSAGE_COLUMNS, messagesOf, toMessages} from './rows.js'
import type {Session} from './session.js'

/** How many messages an ambiguous end of an id lists. */
const CANDIDATES = 10

/** All places of the messages that a reference names, in the order they were stored. */
export function find(session: Session, ref: MessageRef): Message[] {
  const {connection} = session
  if (ref.by === 'id') return toMessages(session, connection.rows(BY_ID, {id: toBytes(ref.id)}))
  if (ref.by === 'end') return connection.read(() => messagesOf(session, rowsByEnd(session, ref.end)))
  const log = findLog(session, ref.channel)
  return log ? toMessages(session, connection.rows(BY_PLACE, [log.id, ref.seq])) : []
}
const BY_ID = `
  SELECT ${MESSAGE_COLUMNS} FROM messages WHERE substr(id, 14, 3) = substr(:id, 14, 3) AND id = :id ORDER BY row`
const BY_PLACE = `SELECT ${MESSAGE_COLUMNS} FROM messages WHERE channel_id = ? AND seq = ?`

function rowsByEnd({connection}: Session, end: string): number[] {
  const found = connection.rows(BY_END, {...idEnd({by: 'end', end}), limit: CANDIDATES * LIMITS.channels})
  const ids = new Set<string>()
  return found.flatMap(([row, id]) => {
    const hex = (id as Buffer).toString('hex')
    if (!ids.has(hex) && ids.size === CANDIDATES) return []
    ids.add(hex)
    return [row as number]
  })
}
const BY_END = `
  SELECT row, id FROM messages
   WHERE substr(id, 14, 3) = :tail AND substr(hex(id), -:length) = :end ORDER BY row LIMIT :limit + 0`

/** A root and everything that answers it: every place, in the order they were stored. */
export function thread(session: Session, root: string): Message[] {
  return toMessages(session, session.connection.rows(THREAD, {root: toBytes(root)}))
}
const THREAD = `
  SELECT ${MESSAGE_COLUMNS} FROM messages
   WHERE row IN (SELECT row FROM messages WHERE substr(id, 14, 3) = substr(:root, 14, 3) AND id = :root AND thread IS NULL
                  UNION ALL
                 SELECT row FROM messages WHERE thread = :root)
   ORDER BY row`

/** The chain of parents of a message, the root first, as far as it is stored: every place of each. */
export function ancestors(session: Session, id: string): Message[] {
  return toMessages(session, session.connection.rows(ANCESTORS, {id: toBytes(id)}))
}
// A chain can only be a circle if someone made up its ids: UNION ends it where (id, parent) comes again, so the depth
// is found by numbering afterwards, in the order in which the recursion gives its rows.
const ANCESTORS = `
  WITH RECURSIVE chain (id, parent) AS (
    SELECT id, reply_to FROM messages WHERE substr(id, 14, 3) = substr(:id, 14, 3) AND id = :id
     UNION
    SELECT messages.id, messages.reply_to FROM chain
      JOIN messages ON substr(messages.id, 14, 3) = substr(chain.parent, 14, 3) AND messages.id = chain.parent),
  numbered (id, step) AS (SELECT id, row_number() OVER () FROM chain),
  steps (id, step) AS (SELECT id, min(step) FROM numbered GROUP BY id)
  SELECT ${MESSAGE_COLUMNS} FROM steps
    JOIN messages ON substr(messages.id, 14, 3) = substr(steps.id, 14, 3) AND messages.id = steps.id
   ORDER BY steps.step DESC, messages.row`

/** Direct answers to a message, and messages that refer to it, in the order they were stored. */
export function links(session: Session, id: string): {replies: Message[]; referencedBy: Message[]} {
  const {connection} = session
  const parameters = {id: toBytes(id)}
  return connection.read(() => ({
    replies: toMessages(session, connection.rows(REPLIES, parameters)),
    referencedBy: toMessages(session, connection.rows(REFERENCED_BY, parameters)),
  }))
}
const REPLIES = `SELECT ${MESSAGE_COLUMNS} FROM messages WHERE reply_to = :id ORDER BY row`
const REFERENCED_BY = `
  SELECT ${MESSAGE_COLUMNS} FROM messages
   WHERE row IN (SELECT row FROM message_references WHERE to_id = :id) ORDER BY row`
