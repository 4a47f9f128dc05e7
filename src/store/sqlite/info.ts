import {statSync} from 'node:fs'
import {isoTime} from '../../model/time.js'
import type {StoreInfo} from '../store.js'
import type {Session} from './session.js'

/** Settings in force that `store info` shows. */
const SETTINGS = [
  'journal_mode',
  'synchronous',
  'wal_autocheckpoint',
  'cache_size',
  'page_size',
  'busy_timeout',
] as const

export function info({connection, path, label}: Session): StoreInfo {
  return connection.read(() => {
    const counts = connection.get(COUNTS)!
    return {
      location: label,
      engine: 'sqlite',
      schemaVersion: Number(connection.pragma('user_version')),
      epoch: counts['epoch'] as string,
      createdAt: isoTime(counts['created_at'] as number),
      bytes: sizeOf(path) + sizeOf(`${path}-wal`),
      channels: counts['channels'] as number,
      messages: counts['messages'] as number,
      subscriptions: counts['subscriptions'] as number,
      consumers: counts['consumers'] as number,
      settings: Object.fromEntries(SETTINGS.map((name) => [name, connection.pragma(name) as string | number])),
    }
  })
}
// Messages are counted by the counters: counting them would read all of an index.
const COUNTS = `
  SELECT (SELECT value FROM meta WHERE key = 'epoch') AS epoch,
         (SELECT value FROM meta WHERE key = 'created_at') AS created_at,
         (SELECT count(*) FROM channels WHERE deleted_at IS NULL) AS channels,
         (SELECT coalesce(sum(message_count), 0) FROM counters) AS messages,
         (SELECT count(*) FROM subscriptions) AS subscriptions,
         (SELECT count(*) FROM consumers) AS consumers`

const sizeOf = (path: string): number => statSync(path, {throwIfNoEntry: false})?.size ?? 0
