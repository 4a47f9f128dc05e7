import type {Transfer} from '../store.js'
import type {Session} from './session.js'
import type {Steps} from './steps.js'
import {putMessages} from './transfer-put.js'
import {restore, settleChannel, storedConversations} from './transfer-restore.js'

/** The port's methods that fill a store from another. */
export const transfer = (session: Session, {write, look}: Steps): Transfer => ({
  put: (...parameters) => write(() => putMessages(session, ...parameters)),
  restore: (things) => write(() => restore(session, things)),
  settle: (...parameters) => write(() => settleChannel(session, ...parameters)),
  conversations: (channels) => look(() => storedConversations(session, channels)),
})
