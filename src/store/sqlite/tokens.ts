import {LeatError} from '../../model/errors.js'
import type {Seq} from '../../model/message.js'
import {formerEpochs} from './epoch.js'
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
  [epoch.value.slice(-EPOCH), channelId, nameId, seq, nonce].join('.')

/** How many characters of it: they are random. */
const EPOCH = 8

const TOKEN = /^([0-9a-f]{8})\.(\d{1,15})\.(\d{1,15})\.(\d{1,15})\.([0-9a-f]{16})$/

/** @throws NOT_FOUND it isn't of this store @throws CONFLICT it is of a time before the store was restored */
export function parseToken(session: Session, token: string): Token {
  const [, epoch, channelId, nameId, seq, nonce] = TOKEN.exec(token) ?? []
  if (nonce !== undefined && epoch === session.epoch.value.slice(-EPOCH))
    return {channelId: Number(channelId), nameId: Number(nameId), seq: Number(seq), nonce}
  if (formerEpochs(session.connection).some((former) => former.slice(-EPOCH) === epoch))
    throw new LeatError('CONFLICT', `${JSON.stringify(token)} was claimed before ${session.label} was restored`, {
      hint: 'claim again: the message is given anew if the backup has it',
    })
  throw new LeatError('NOT_FOUND', `${JSON.stringify(token)} is not a claim of ${session.label}`, {
    hint: 'name the store that it was claimed from with --store',
  })
}
