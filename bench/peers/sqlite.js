/** The sqlite3 shell on a store of leat's: the same rows in the same schema, synced in the same way, and no bus around it. */
import {writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {openBus} from '../../dist/index.js'
import {timed, timedBetween} from '../measuring/processes.js'
import {program} from './installed.js'

const SETTINGS = 'PRAGMA synchronous = FULL; PRAGMA wal_autocheckpoint = 4000; PRAGMA cache_size = -16000;'
/** Rows of one transaction: as many as leat stores at once while nobody else writes. */
const CHUNK = 2_000

const insert = (body) => `
  INSERT INTO messages (channel_id, seq, id, sender_id, type, time, checksum, content)
  SELECT channel_id, last_seq + 1, randomblob(16), 1, 'message', CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER), 0, '${body}'
    FROM counters WHERE channel_id = 1;
  UPDATE counters SET last_seq = last_seq + 1, message_count = message_count + 1 WHERE channel_id = 1;`

export async function sqlite({folder, bodies}) {
  const shell = program('sqlite3', 'apt install sqlite3')
  const store = join(folder, 'sqlite3.db')
  const bus = await openBus({store, as: 'bench', create: true})
  await bus.createChannel('ops')
  await bus.send('ops', {body: 'hi'})
  await bus.close()
  const from = join(folder, 'sqlite3.in')
  const chunks = Array.from({length: Math.ceil(bodies.length / CHUNK)}, (_, at) =>
    bodies
      .slice(at * CHUNK, (at + 1) * CHUNK)
      .map(insert)
      .join(''),
  )
  writeFileSync(from, SETTINGS + chunks.map((rows) => `BEGIN IMMEDIATE;${rows}COMMIT;`).join('\n'))
  const newest = `
    SELECT json_object('seq', seq, 'id', hex(messages.id), 'sender', name, 'type', type, 'time', time, 'content', content)
      FROM messages JOIN names ON names.id = sender_id
     WHERE channel_id = 1 AND seq > (SELECT last_seq - ${bodies.length} FROM counters WHERE channel_id = 1) ORDER BY seq`
  return {
    name: 'sqlite3, the same schema',
    synced: true,
    single: () => timed([shell, store, `${SETTINGS} BEGIN IMMEDIATE; ${insert('hi')} COMMIT;`]),
    bulkIn: () => timedBetween([shell, store], {from}),
    bulkOut: () => timedBetween([shell, store, newest]),
    close: async () => {},
  }
}
