/** Every operation of the doors, by subject. */
import type {AnyOperation} from './operation.js'
import {CHANNELS} from './operations/channels.js'
import {CONVERSATIONS} from './operations/conversations.js'
import {LETTERS} from './operations/letters.js'
import {MESSAGES} from './operations/messages.js'
import {PERMISSIONS} from './operations/permissions.js'
import {READERS} from './operations/readers.js'
import {SENDING} from './operations/sending.js'
import {STATUS} from './operations/status.js'
import {SUBSCRIPTIONS} from './operations/subscriptions.js'
import {WORKERS} from './operations/workers.js'

export const OPERATIONS: readonly AnyOperation[] = [
  ...STATUS,
  ...CHANNELS,
  ...SENDING,
  ...MESSAGES,
  ...READERS,
  ...WORKERS,
  ...SUBSCRIPTIONS,
  ...CONVERSATIONS,
  ...PERMISSIONS,
  ...LETTERS,
] as readonly AnyOperation[]
