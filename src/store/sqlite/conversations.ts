import type {Conversation} from '../../model/conversation.js'
import {LeatError} from '../../model/errors.js'
import {isoTime} from '../../model/time.js'
import type {ConversationSummary, Conversations} from '../store.js'
import type {Value} from './connection.js'
import type {Session} from './session.js'
import {LIVE, visibleIf} from './view.js'

/**
 * Makes a conversation, or one that a send made into its own: who sent first, and when, may be nothing for its maker to know.
 * @throws EXISTS
 */
export function createConversation(
  {connection, clock, label}: Session,
  {name, title, description, metadata}: Pick<Conversation, 'name' | 'title' | 'description' | 'metadata'>,
  by: string,
): Conversation {
  return connection.write(() => {
    const before = connection.get(ONE, [name])
    if (before?.['by_hand'] === 1)
      throw new LeatError('EXISTS', `there is a conversation "${name}" in ${label} already`, {
        hint: `leat conversation show ${name}`,
      })
    connection.run(PUT, {
      name,
      title: title ?? null,
      description: description ?? null,
      metadata: JSON.stringify(metadata),
      now: clock(),
      by,
    })
    return toConversation(connection.get(ONE, [name])!)
  })
}
const ONE = 'SELECT * FROM conversations WHERE name = ?'
const PUT = `
  INSERT INTO conversations (name, title, description, metadata, created_at, created_by, by_hand)
  VALUES (:name, :title, :description, :metadata, :now, :by, 1)
      ON CONFLICT DO UPDATE
     SET title = :title, description = :description, metadata = :metadata, created_at = :now, created_by = :by,
         by_hand = 1`

/** Conversations by name, with what the actor may see of them. */
export function listConversations(
  {connection, names, clock}: Session,
  {actor, readable, name}: Parameters<Conversations['list']>[0],
): ConversationSummary[] {
  const viewer = {
    actor: names.idOf(actor),
    now: clock(),
    readable: JSON.stringify(readable.map((channel) => channel.name)),
    managed: JSON.stringify(readable.filter(({all}) => all).map((channel) => channel.name)),
  }
  return connection.read(() =>
    connection.all(name === undefined ? ALL : ONE, name === undefined ? [] : [name]).flatMap((row) => {
      const seen = connection.get(SEEN, {...viewer, conversation: row['id']!})!
      const known = seen['messages'] !== 0 || row['by_hand'] === 1 || row['created_by'] === actor
      if (!known) return []
      return {
        ...toConversation(row),
        messages: seen['messages'] as number,
        channels: (JSON.parse(seen['channels'] as string) as string[]).sort(),
        ...(typeof seen['last_time'] === 'number' && {lastTime: isoTime(seen['last_time'])}),
      }
    }),
  )
}
const ALL = 'SELECT * FROM conversations ORDER BY name'
const idsOf = (names: string): string =>
  `(SELECT channels.id FROM json_each(${names}) AS wanted
      CROSS JOIN channels ON name = wanted.value AND name = wanted.value COLLATE BINARY AND deleted_at IS NULL)`
const SEEN = `
  WITH seen AS MATERIALIZED (
    SELECT row, id, channel_id, time FROM messages
     WHERE conversation_id = :conversation AND channel_id IN ${idsOf(':readable')} AND ${LIVE}
       AND ${visibleIf(`channel_id IN ${idsOf(':managed')}`)})
  SELECT (SELECT count(DISTINCT id) FROM seen) AS messages,
         (SELECT json_group_array(name) FROM channels WHERE id IN (SELECT channel_id FROM seen)) AS channels,
         (SELECT time FROM seen ORDER BY row DESC LIMIT 1) AS last_time`

export function toConversation(row: Record<string, Value>): Conversation {
  return {
    name: row['name'] as string,
    ...(typeof row['title'] === 'string' && {title: row['title']}),
    ...(typeof row['description'] === 'string' && {description: row['description']}),
    metadata: JSON.parse(row['metadata'] as string) as Record<string, string>,
    createdAt: isoTime(row['created_at'] as number),
    createdBy: row['created_by'] as string,
  }
}
