/** What the deliveries of a subscription are signed with. Never part of the subscription itself: that is shown to many. */
import {LeatError} from '../../model/errors.js'
import {findLog} from './log.js'
import type {Session} from './session.js'

/** The newest first. @throws NOT_FOUND */
export function secretsOf(session: Session, channel: string, subscriber: string): string[] {
  const log = findLog(session, channel)
  const row = log && session.connection.row(SECRETS, [log.id, session.names.idOf(subscriber)])
  if (row) return row[0] === null ? [] : (JSON.parse(row[0] as string) as string[])
  throw new LeatError('NOT_FOUND', `${subscriber} is not subscribed to "${channel}" in ${session.label}`, {
    hint: `leat subscribe ${channel}`,
  })
}
const SECRETS = 'SELECT secrets FROM subscriptions WHERE channel_id = ? AND subscriber_id = ?'

/** Puts a secret in front of the others, and keeps `keep` in all. With `ifNone` only where there is none. @throws NOT_FOUND */
export function addSecret(
  session: Session,
  channel: string,
  subscriber: string,
  secret: string,
  {keep, ifNone = false}: {keep: number; ifNone?: boolean},
): string[] {
  const {connection, names} = session
  return connection.write(() => {
    const before = secretsOf(session, channel, subscriber)
    if (ifNone && before.length > 0) return before
    const secrets = [secret, ...before].slice(0, keep)
    connection.run(SAVE, [JSON.stringify(secrets), findLog(session, channel)!.id, names.idOf(subscriber)])
    return secrets
  })
}
const SAVE = 'UPDATE subscriptions SET secrets = ? WHERE channel_id = ? AND subscriber_id = ?'
