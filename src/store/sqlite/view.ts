import {type Filter, isEmptyFilter} from '../../model/filter.js'
import type {Seq} from '../../model/message.js'
import type {Value} from './connection.js'
import {toBytes} from './ids.js'
import type {Log} from './log.js'
import type {Session} from './session.js'

/** Not expired at `:now`. */
export const LIVE = '(expires_at IS NULL OR expires_at > :now)'

/** Direct messages are the sender's and the recipient's, and with `:all` those of who manages the channel. */
export const VISIBLE = visibleIf(':all')

/** @param sender whose own messages are shown */
export function visibleIf(manages: string, sender = ':actor'): string {
  return `(recipient_id IS NULL OR recipient_id = :actor OR sender_id = ${sender} OR ${manages})`
}

/** What a filter lets through; an absent wish is NULL. */
export const MATCHES = `(:types IS NULL OR type IN (SELECT value FROM json_each(:types)))
     AND (:senders IS NULL OR sender_id IN (SELECT value FROM json_each(:senders)))
     AND (:notSender IS NULL OR sender_id <> :notSender)
     AND (:recipient IS NULL OR recipient_id = :recipient)
     AND (:conversation IS NULL OR conversation_id = :conversation)
     AND (:correlation IS NULL OR correlation_id = :correlation)
     AND (:replyTo IS NULL OR reply_to = :replyTo)
     AND (:thread IS NULL OR thread = :thread OR (thread IS NULL AND id = :thread))
     AND (:requestsOr IS NULL OR reply_channel IS NOT NULL OR type IN (SELECT value FROM json_each(:requestsOr)))
     AND (:text IS NULL OR (typeof(content) = 'text' AND instr(content, :text) > 0))
     AND time >= :since AND time < :until
     AND (:where IS NULL OR (content_type IS NOT NULL AND leat_where(:where, content_type, content)))`

/** Who looks, when, and what for: the parameters of `LIVE`, `VISIBLE` and `MATCHES`. */
export interface View {
  /** Whether `MATCHES` is needed at all. */
  filtered: boolean
  parameters: {actor: number; sender: number; now: number; all: number} & Record<string, Value>
  filter: Filter
}

/** A name that nobody used yet becomes 0, which no row has. */
export function viewOf({names, conversations, clock}: Session, actor: string, filter: Filter = {}): View {
  const actorId = names.idOf(actor)
  const viewer = {actor: actorId, sender: actorId, now: clock(), all: 0}
  if (isEmptyFilter(filter)) return {filtered: false, parameters: viewer, filter}
  const {types, senders, notSender, recipient, conversation, correlationId, replyTo, thread, requestsOr, text, where} =
    filter
  return {
    filtered: true,
    filter,
    parameters: {
      ...viewer,
      types: types === undefined ? null : JSON.stringify(types),
      senders: senders === undefined ? null : JSON.stringify(senders.map((name) => names.idOf(name))),
      notSender: notSender === undefined ? null : names.idOf(notSender),
      recipient: recipient === undefined ? null : names.idOf(recipient),
      conversation: conversation === undefined ? null : conversations.idOf(conversation),
      correlation: correlationId ?? null,
      replyTo: replyTo === undefined ? null : toBytes(replyTo),
      thread: thread === undefined ? null : toBytes(thread),
      requestsOr: requestsOr === undefined ? null : JSON.stringify(requestsOr),
      text: text ?? null,
      since: filter.since ?? 0,
      until: filter.until ?? Number.MAX_SAFE_INTEGER,
      where: where === undefined ? null : JSON.stringify(where),
    },
  }
}

/** A group of workers takes what is for all or addressed to its name; what an actor of that name sent is not its own. */
export function groupViewOf(session: Session, group: string, filter?: Filter): View {
  const view = viewOf(session, group, filter)
  return {...view, parameters: {...view.parameters, sender: 0}}
}

/** Whether everyone sees everything behind a position: nothing there is direct or expires. */
export const isPlain = (log: Log, after: Seq): boolean => log.specialSeq <= after
