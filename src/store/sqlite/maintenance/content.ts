/** Content against its checksum. */
import {isJsonType} from '../../../model/content.js'
import {checksum} from '../checksum.js'
import type {Connection} from '../connection.js'

/**
 * What is wrong with the content of a row, or undefined. Redacted content is gone, and its checksum stays: then there has to be
 * nothing.
 */
export function contentProblem(
  connection: Connection,
  table: 'messages' | 'dead_letters' | 'scheduled',
  row: number,
): string | undefined {
  const found = connection.row(CONTENTS[table], [row])
  if (!found) return undefined // deleted meanwhile
  const [bytes, type, sum, contentType, redacted] = found
  const content = bytes as Buffer
  if (redacted === 1) return content.length === 0 ? undefined : 'it was redacted, but has content'
  if (checksum(content) !== sum) return 'its content was altered: the checksum says so'
  if (contentType === null || !isJsonType(String(contentType))) return undefined
  return type === 'text' && isJson(content) ? undefined : `its content is not ${contentType}`
}
// As bytes: text that isn't UTF-8 any more would be mended on the way out.
const COLUMNS = 'CAST(content AS BLOB), typeof(content), checksum, content_type'
const CONTENTS = {
  messages: `SELECT ${COLUMNS}, redacted_at IS NOT NULL FROM messages WHERE row = ?`,
  dead_letters: `SELECT ${COLUMNS}, redacted_at IS NOT NULL FROM dead_letters WHERE row = ?`,
  scheduled: `SELECT ${COLUMNS}, json_extract(rest, '$.redacted') IS NOT NULL FROM scheduled WHERE row = ?`,
}

function isJson(content: Buffer): boolean {
  try {
    JSON.parse(content.toString())
    return true
  } catch {
    return false
  }
}
