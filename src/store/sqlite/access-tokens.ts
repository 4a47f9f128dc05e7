import {isoTime} from '../../model/time.js'
import type {Token} from '../../model/token.js'
import type {Raw} from './connection.js'
import type {Session} from './session.js'

/** Keeps the hash of a token. */
export function createToken(
  session: Session,
  {hash, actor, expiresAt}: {hash: Uint8Array; actor: string; expiresAt?: number},
  by: string,
): Token {
  const {connection, names, clock, ids} = session
  return connection.write(() => {
    const id = ids()
    connection.run(INSERT, [id, hash, names.intern(actor), clock(), by, expiresAt ?? null])
    return readToken(session, id)!
  })
}
const INSERT = 'INSERT INTO tokens (id, hash, actor_id, created_at, created_by, expires_at) VALUES (?, ?, ?, ?, ?, ?)'

/** The token of a hash. Found by the index over hashes: how near a guess came shows in no time that it takes. */
export function findToken(session: Session, hash: Uint8Array): Token | undefined {
  const row = session.connection.row(BY_HASH, [hash])
  return row && toToken(session, row)
}

/** In the order in which they were made. */
export function listTokens(session: Session, {actor}: {actor?: string}): Token[] {
  const {connection} = session
  return connection.read(() =>
    connection
      .rows(ALL)
      .map((row) => toToken(session, row))
      .filter((token) => actor === undefined || token.actor === actor),
  )
}

/** Returns what was revoked. */
export function revokeToken(session: Session, id: string): Token | undefined {
  const {connection} = session
  return connection.write(() => {
    const token = readToken(session, id)
    if (token) connection.run('DELETE FROM tokens WHERE id = ?', [id])
    return token
  })
}

const COLUMNS = 'id, actor_id, created_at, created_by, expires_at'
const BY_HASH = `SELECT ${COLUMNS} FROM tokens WHERE hash = ?`
const BY_ID = `SELECT ${COLUMNS} FROM tokens WHERE id = ?`
// By rowid: the clock may jump, and ids may come from anywhere.
const ALL = `SELECT ${COLUMNS} FROM tokens ORDER BY rowid`

function readToken(session: Session, id: string): Token | undefined {
  const row = session.connection.row(BY_ID, [id])
  return row && toToken(session, row)
}

function toToken({names}: Session, [id, actor, createdAt, createdBy, expiresAt]: Raw): Token {
  return {
    id: id as string,
    actor: names.nameOf(actor as number),
    createdAt: isoTime(createdAt as number),
    createdBy: createdBy as string,
    ...(expiresAt !== null && {expiresAt: isoTime(expiresAt as number)}),
  }
}
