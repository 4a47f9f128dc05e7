import {LeatError} from '../model/errors.js'
import type {MessageRef} from '../model/reference.js'
import {parseMessageRef, placeName} from '../model/reference.js'
import type {ScheduledMessage} from '../model/scheduled.js'
import {can, existing, manages, requirePermission} from './access.js'
import type {Context} from './context.js'
import {checkOneId, findPlaces} from './find.js'

/**
 * Delayed messages that are not due yet, the next one first: the actor's own, and all those of channels that it manages.
 * @throws NOT_FOUND, FORBIDDEN the channel that is named
 */
export async function scheduled(ctx: Context, {channel}: {channel?: string} = {}): Promise<ScheduledMessage[]> {
  // Who may only send has something there, too.
  if (channel !== undefined && !(await can(ctx, 'submit', channel)).allowed)
    await requirePermission(ctx, await existing(ctx, channel), 'subscribe')
  return ownOrManaged(ctx, await ctx.store.messages.scheduled({channel}))
}

/**
 * Takes a delayed message back, from every channel (or one): its sender, or who manages the channel.
 * @param message its id or the end of it
 * @throws NOT_FOUND no such message that waits, and that the actor sent or manages
 * @throws CONFLICT  it fell due meanwhile and has its place
 * @throws USAGE     several messages end like this
 * @throws INVALID   the text can't name a message
 */
export async function cancelScheduled(
  ctx: Context,
  message: string,
  {channel}: {channel?: string} = {},
): Promise<ScheduledMessage[]> {
  const ref = parseMessageRef(message)
  const waiting = ref.by === 'place' ? [] : await ownOrManaged(ctx, await waitingFor(ctx, ref, channel))
  const ids = [...new Set(waiting.map((one) => one.message.id))]
  checkOneId(message, ids)
  const [id] = ids
  const channels = waiting.map((one) => one.message.channel)
  const gone = id === undefined ? [] : await ctx.store.messages.cancel(id, channels)
  if (gone.length === 0) throw await notWaiting(ctx, message)
  return gone
}

const waitingFor = (ctx: Context, message: MessageRef, channel: string | undefined): Promise<ScheduledMessage[]> =>
  ctx.store.messages.scheduled({message, channel})

async function ownOrManaged(ctx: Context, waiting: readonly ScheduledMessage[]): Promise<ScheduledMessage[]> {
  const managed = new Map<string, boolean>()
  for (const {message} of waiting)
    if (message.sender !== ctx.actor && !managed.has(message.channel)) {
      const channel = await ctx.store.channels.get(message.channel)
      managed.set(message.channel, channel !== undefined && (await manages(ctx, channel)))
    }
  return waiting.filter(({message}) => message.sender === ctx.actor || managed.get(message.channel) === true)
}

/** What is stored can't be taken back; anything else isn't there. */
async function notWaiting(ctx: Context, message: string): Promise<LeatError> {
  try {
    const places = (await findPlaces(ctx, message)).map(placeName)
    return new LeatError('CONFLICT', `message "${message}" has its place already: ${places.join(', ')}`, {
      hint: `leat redact ${places[0]} removes its content`,
    })
  } catch (cause) {
    if (!(cause instanceof LeatError) || cause.code !== 'NOT_FOUND') throw cause
    return new LeatError('NOT_FOUND', `no delayed message "${message}" in ${ctx.store.label}`, {
      hint: 'leat scheduled list',
      cause,
    })
  }
}
