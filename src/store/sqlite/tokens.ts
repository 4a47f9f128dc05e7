import {LeatError} from '../../model/errors.js'
import type {Seq} from '../../model/message.js'
import type {Session} from './session.js'

/** What a claim's token names: a message in flight, and the time that it was given. */
export interface Token {
  channelId: number
  nameId: number
  seq: Seq
  nonce: string
}

/** What tells one giving of a message from the next. */
export const newNonce = ({ids}: Session): string => ids().replaceAll('-', '').slice(-16)

/** The token of a claim. It begins with the end of the store's epoch, so that it means nothing in another store. */
export const tokenOf = ({epoch}: Session, {channelId, nameId, seq, nonce}: Token): string =>
  [epoch().slice(-EPOCH), channelId, nameId, seq, nonce].join('.')

/** How many characters of it: they are random. */
const EPOCH = 8

const TOKEN = /^([0-9a-f]{8})\.(\d{1,15})\.(\d{1,15})\.(\d{1,15})\.([0-9a-f]{16})$/

/** @throws NOT_FOUND it isn't of this store */
export function parseToken(session: Session, token: string): Token {
  const [, epoch, channelId, nameId, seq, nonce] = TOKEN.exec(token) ?? []
  if (nonce !== undefined && epoch === session.epoch().slice(-EPOCH))
    return {channelId: Number(channelId), nameId: Number(nameId), seq: Number(seq), nonce}
  throw new LeatError('NOT_FOUND', `${JSON.stringify(token)} is not a claim of ${session.label}`, {
    hint: 'name the store that it was claimed from with --store',
  })
}
