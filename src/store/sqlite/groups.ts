import type {Seq} from '../../model/message.js'
import type {Session} from './session.js'

/** How far a group was given messages; undefined when there is no such group. */
export const frontierOf = ({connection}: Session, channelId: number, nameId: number): Seq | undefined =>
  connection.row(FRONTIER, [channelId, nameId])?.[0] as Seq | undefined
const FRONTIER = `SELECT cursor FROM consumers WHERE channel_id = ? AND kind = 'workers' AND name_id = ?`

/** Moves a group's frontier, making the group if it is new. */
export function putFrontier({connection}: Session, channelId: number, nameId: number, cursor: Seq, now: number): void {
  connection.run(PUT, {channel: channelId, name: nameId, cursor, now})
}
const PUT = `
  INSERT INTO consumers (channel_id, kind, name_id, cursor, created_at, moved_at)
  VALUES (:channel, 'workers', :name, :cursor, :now, :now)
      ON CONFLICT DO UPDATE SET cursor = :cursor, moved_at = :now`

/** Forgets what a group has in flight, and its workers; inside a transaction. */
export function forgetGroup({connection}: Session, channelId: number, nameId: number): void {
  connection.run('DELETE FROM in_flight WHERE channel_id = ? AND name_id = ?', [channelId, nameId])
  connection.run('DELETE FROM workers WHERE channel_id = ? AND name_id = ?', [channelId, nameId])
}
