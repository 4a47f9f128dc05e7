import {LeatError} from '../../model/errors.js'
import type {Message} from '../../model/message.js'
import {redactCopies} from './dead-letters.js'
import {redactDelayed} from './delayed.js'
import {find} from './find.js'
import {toBytes} from './ids.js'
import {purgeSome, takeOutRedacted} from './search-index.js'
import type {Session} from './session.js'

/** Removes content and headers of every place of a message, where it is delayed too, and of its dead letters. @throws NOT_FOUND */
export function redact(session: Session, id: string, by: string): Message[] {
  const {connection} = session
  // Overwritten, not only let go of: what was removed must not be left in the file's free space.
  connection.pragma('secure_delete = ON')
  try {
    const redacted = connection.write(() => removeContent(session, id, by))
    purgeSome(session)
    return redacted
  } finally {
    connection.pragma('secure_delete = OFF')
    // The WAL still has what was there before. A reader at work keeps it until a later checkpoint.
    connection.pragma('wal_checkpoint(TRUNCATE)')
  }
}

function removeContent(session: Session, id: string, by: string): Message[] {
  const {connection, clock, label} = session
  const now = clock()
  const rows = connection.rows(ROWS_OF_ID, {id: toBytes(id)})
  const copies = redactCopies(session, toBytes(id), now, by)
  const delayed = redactDelayed(session, toBytes(id), now, by)
  if (rows.length + copies + delayed.length === 0) throw new LeatError('NOT_FOUND', `no message ${id} in ${label}`)
  for (const [row] of rows) connection.run(REDACT, [now, by, row as number])
  takeOutRedacted(
    session,
    rows.map(([row]) => row as number),
  )
  return [...find(session, {by: 'id', id}), ...delayed]
}
const ROWS_OF_ID = 'SELECT row FROM messages WHERE substr(id, 14, 3) = substr(:id, 14, 3) AND id = :id'
// The checksum stays: by it a repeat of the same message is still known.
const REDACT = `
  UPDATE messages SET content = '', headers = NULL, redacted_at = ?, redacted_by = ? WHERE row = ? AND redacted_at IS NULL`
