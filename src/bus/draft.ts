/** From what a sender gives to a message that may be stored: every rule about drafts stands here. */
import {
  type Body,
  BYTES,
  bodyOfBytes,
  checkBody,
  checkContentType,
  isJsonType,
  JSON_TYPE,
  TEXT,
} from '../model/content.js'
import {LeatError} from '../model/errors.js'
import {LIMITS} from '../model/limits.js'
import {DEFAULT_TYPE, type Draft, type Message, RESERVED_TYPES} from '../model/message.js'
import {checkName} from '../model/names.js'
import {checkId} from '../model/reference.js'
import {isoTime, MAX_TIME} from '../model/time.js'
import type {Outgoing} from '../store/store.js'
import {requirePermission} from './access.js'
import type {Context} from './context.js'
import {checkHeaders, checkLabel, checkType} from './labels.js'
import {checkSchemas} from './schema.js'
import type {Target} from './targets.js'

/** What a reply or a reference needs of the message it names. */
export type Named = Pick<Message, 'id' | 'thread'>

/** From a reference to a message that the sender may read. @throws NOT_FOUND, INVALID, FORBIDDEN, USAGE */
export type Resolve = (ref: string) => Promise<Named>

export interface DraftRules {
  resolve: Resolve
  /** The type is leat's own choice, so it may be a reserved one. */
  mayReserve?: boolean
}

/**
 * A draft with every rule checked and every default filled in; stores nothing.
 *
 * @throws INVALID, TOO_LARGE a field is not what it has to be
 * @throws SCHEMA             the content doesn't fit a channel's schema
 * @throws NOT_FOUND          the message answered or referred to is not there, or not for the sender
 * @throws FORBIDDEN          a `leat.*` type from who doesn't manage the channel; a reply channel that is not for the sender
 */
export async function checkDraft(
  ctx: Context,
  targets: readonly Target[],
  draft: Draft,
  {resolve, mayReserve = false}: DraftRules,
): Promise<Outgoing> {
  if (isPlain(targets, draft)) return checkPlainDraft(ctx, targets, draft)
  const labels = labelsOf(draft)
  if (labels.replyChannel !== undefined) await requireReadable(ctx, labels.replyChannel)
  const type = typeOf(draft)
  if (type.startsWith(RESERVED_TYPES) && !mayReserve) await requireManager(ctx, targets, type)
  const content = contentOf(targets, draft)
  await checkSchemas(ctx.schemas, targets, content)
  const id = idOf(ctx, draft)
  const links = await linksOf(draft, id, resolve)
  return outgoing(ctx, namesOf(targets), id, type, content, labels, {...timesOf(ctx, draft), ...links})
}

/** Whether a draft can be checked without a question to the store, and without a schema. */
export function isPlain(targets: readonly Target[], {type, replyTo, references, replyChannel}: Draft): boolean {
  return (
    replyTo === undefined &&
    replyChannel === undefined &&
    (references === undefined || references.length === 0) &&
    !(type?.startsWith?.(RESERVED_TYPES) ?? false) &&
    targets.every(({schema}) => schema === undefined)
  )
}

/**
 * As `checkDraft`, at once, for one that `isPlain`: in bulk input nearly all are.
 * @param channels the names of the targets
 */
export function checkPlainDraft(
  ctx: Context,
  targets: readonly Target[],
  draft: Draft,
  channels: readonly string[] = namesOf(targets),
): Outgoing {
  const labels = labelsOf(draft)
  const type = typeOf(draft)
  const content = contentOf(targets, draft)
  return outgoing(ctx, channels, idOf(ctx, draft), type, content, labels, timesOf(ctx, draft))
}

const namesOf = (targets: readonly Target[]): string[] => targets.map(({name}) => name)

const typeOf = ({type}: Draft): string => (type === undefined ? DEFAULT_TYPE : checkType(type))

const idOf = ({ids}: Context, {id}: Draft): string => (id === undefined ? ids() : checkId(id))

// Field by field: put together of parts it takes several times as long.
const outgoing = (
  {actor}: Context,
  channels: readonly string[],
  id: string,
  type: string,
  {body, contentType}: {body: Body; contentType: string},
  labels: Labels,
  {replyTo, thread, references, expiresAt, deliverAt}: Links & Times,
): Outgoing => ({
  id,
  channels,
  sender: actor,
  type,
  body,
  contentType,
  recipient: labels.recipient,
  replyTo,
  thread,
  references,
  conversation: labels.conversation,
  correlationId: labels.correlationId,
  key: labels.key,
  replyChannel: labels.replyChannel,
  headers: labels.headers,
  expiresAt,
  deliverAt,
})

type Links = Pick<Outgoing, 'replyTo' | 'thread' | 'references'>
type Times = Pick<Outgoing, 'expiresAt' | 'deliverAt'>
type Labels = Pick<Outgoing, 'recipient' | 'conversation' | 'correlationId' | 'key' | 'replyChannel' | 'headers'>

const labelsOf = ({recipient, conversation, correlationId, key, replyChannel, headers}: Draft): Labels => ({
  recipient: recipient === undefined ? undefined : checkName('actor', recipient),
  conversation: conversation === undefined ? undefined : checkName('conversation', conversation),
  correlationId: correlationId === undefined ? undefined : checkLabel('a correlation id', correlationId),
  key: key === undefined ? undefined : checkLabel('a key', key),
  replyChannel: replyChannel === undefined ? undefined : checkName('channel', replyChannel),
  headers: headers === undefined || Object.keys(headers).length === 0 ? undefined : checkHeaders(headers),
})

/**
 * Who answers sends there with permissions of its own: nobody may have it sent where one may not look.
 * @throws FORBIDDEN
 */
async function requireReadable(ctx: Context, replyChannel: string): Promise<void> {
  const channel = await ctx.store.channels.get(replyChannel)
  if (channel) await requirePermission(ctx, channel, 'subscribe')
}

/** A channel that the sender is about to make is its own. */
async function requireManager(ctx: Context, targets: readonly Target[], type: string): Promise<void> {
  for (const {channel} of targets) {
    if (!channel) continue
    try {
      await requirePermission(ctx, channel, 'manage')
    } catch (cause) {
      if (!(cause instanceof LeatError) || cause.code !== 'FORBIDDEN') throw cause
      throw new LeatError(
        'FORBIDDEN',
        `${ctx.actor} may not send type "${type}" to "${channel.name}": "${RESERVED_TYPES}" is leat's own`,
        {
          hint: `choose a type that doesn't begin with ${RESERVED_TYPES}`,
          cause,
        },
      )
    }
  }
}

function contentOf(targets: readonly Target[], draft: Draft): {body: Body; contentType: string} {
  const {body: given} = draft
  if (typeof given !== 'string' && !(given instanceof Uint8Array))
    throw new LeatError('INVALID', 'the body is neither a string nor bytes', {
      hint: 'JSON.stringify it, with contentType application/json',
    })
  const contentType =
    draft.contentType === undefined ? defaultType(targets, given) : checkContentType(draft.contentType)
  // JSON is text whichever way it came; other bytes stay bytes.
  const body = typeof given !== 'string' && isJsonType(contentType) ? bodyOfBytes(given) : given
  checkBody(body, contentType)
  return {body, contentType}
}

function defaultType(targets: readonly Target[], body: Body): string {
  if (targets.some(({schema}) => schema !== undefined)) {
    const stated = targets.find(({contentType}) => contentType !== undefined && isJsonType(contentType))
    return stated?.contentType ?? JSON_TYPE
  }
  const stated = targets.find(({contentType}) => contentType !== undefined)?.contentType
  if (stated !== undefined) return stated
  if (typeof body === 'string') return TEXT
  throw new LeatError('INVALID', 'the content is not text (UTF-8 without NUL), so it needs a content type', {
    hint: `--content-type ${BYTES}`,
  })
}

async function linksOf({replyTo, references}: Draft, id: string, resolve: Resolve): Promise<Links> {
  const links: Links = {}
  if (replyTo !== undefined) {
    const parent = await resolve(replyTo)
    if (parent.id === id) throw new LeatError('INVALID', `message ${id} can't answer itself`)
    links.replyTo = parent.id
    links.thread = parent.thread
  }
  if (references !== undefined && references.length > 0) {
    if (references.length > LIMITS.references)
      throw new LeatError('TOO_LARGE', `${references.length} references, the limit is ${LIMITS.references}`)
    const ids: string[] = []
    for (const reference of references) ids.push((await resolve(reference)).id)
    links.references = [...new Set(ids)]
  }
  return links
}

function timesOf(ctx: Context, {expiresAt, deliverAt}: Draft): Times {
  if (expiresAt === undefined && deliverAt === undefined) return {}
  const now = ctx.clock()
  checkTime('expiresAt', expiresAt)
  checkTime('deliverAt', deliverAt)
  if (expiresAt !== undefined && expiresAt <= now)
    throw new LeatError('INVALID', `the message would have expired at ${isoTime(expiresAt)} already`)
  if (expiresAt !== undefined && deliverAt !== undefined && expiresAt <= deliverAt)
    throw new LeatError('INVALID', `the message would expire at ${isoTime(expiresAt)}, before it is delivered`)
  return {expiresAt, deliverAt}
}

function checkTime(what: string, time: number | undefined): void {
  if (time === undefined || (Number.isSafeInteger(time) && time >= 0 && time <= MAX_TIME)) return
  throw new LeatError('INVALID', `${what} is not a time: ${time}`, {hint: 'milliseconds since 1970'})
}
