/** From what people call a claim to the claim. */
import type {Claim, InFlight} from '../model/claim.js'
import {LeatError} from '../model/errors.js'
import {checkName} from '../model/names.js'
import {type MessageRef, parseMessageRef, placeName} from '../model/reference.js'
import {readable, requireChannel} from './access.js'
import type {Context} from './context.js'
import {findPlaces} from './find.js'

/** Which claim: a token, or the place or id (or its end) of a message that the actor has claimed. */
export interface ClaimName {
  claim: string
  /** Where a message is named: the group that the actor claimed it for. Needed only if there are several. */
  group?: string
  /** The channel that it has to be of. */
  channel?: string
}

/**
 * The claim of a name, if it lasts. Whoever has the token has the claim; by its message only the one who claimed it.
 *
 * @throws STALE_CLAIM it was lost, or the actor has none; says who has it
 * @throws NOT_FOUND   a token of another store, no such message or group
 * @throws USAGE       the actor has claimed it in several groups, or several ids end like this
 * @throws FORBIDDEN   the actor may not read the channel
 */
export async function claimNamed(ctx: Context, {claim: text, group, channel}: ClaimName): Promise<Claim> {
  if (group !== undefined) checkName('group', group)
  const ref = messageRef(text)
  const token = ref ? await tokenFor(ctx, text, ref, group) : text
  const claim = await ctx.store.claims.get(token)
  if (!ref) await requireChannel(ctx, claim.channel, 'subscribe')
  if ((group ?? claim.group) === claim.group && (channel ?? claim.channel) === claim.channel) return claim
  throw new LeatError('NOT_FOUND', `${JSON.stringify(text)} is a claim of ${claim.group} on ${claim.channel}`, {
    hint: 'name that channel and that group',
  })
}

/** @throws NOT_FOUND no group of this name works, or has worked, on the channel */
export async function requireGroup(ctx: Context, channel: string, group: string): Promise<void> {
  const key = {channel, kind: 'workers' as const, name: checkName('group', group)}
  if (await ctx.store.consumers.get(key)) return
  throw unknownGroup(group, channel)
}

export const unknownGroup = (group: string, channel: string): LeatError =>
  new LeatError('NOT_FOUND', `no group "${group}" works on ${channel}`, {hint: `leat channel show ${channel}`})

/** How a message stands with a group, for everyone: a token is for who claimed it. */
export function withoutToken({token: _, ...rest}: InFlight): Omit<InFlight, 'token'> {
  return rest
}

/** A text of no such form is a token. */
function messageRef(text: string): MessageRef | undefined {
  try {
    return parseMessageRef(text)
  } catch (error) {
    if (error instanceof LeatError) return undefined
    throw error
  }
}

async function tokenFor(ctx: Context, text: string, ref: MessageRef, group: string | undefined): Promise<string> {
  const standing = ref.by === 'place' ? await atPlace(ctx, ref, group) : await ofMessage(ctx, ref, group)
  const own = standing.filter(({state, by}) => state === 'claimed' && by === ctx.actor)
  if (own.length > 1) throw several(text, own)
  const token = own[0]?.token
  if (token !== undefined) return token
  if (standing.length === 0) await findPlaces(ctx, text)
  throw notClaimed(ctx, text, standing, group)
}

async function atPlace(
  ctx: Context,
  {channel, seq}: MessageRef & {by: 'place'},
  group: string | undefined,
): Promise<InFlight[]> {
  await requireChannel(ctx, channel, 'subscribe')
  if (group !== undefined) await requireGroup(ctx, channel, group)
  return ctx.store.claims.inFlight({channel, group, seq})
}

/** Of the channels that the actor may read. What groups have in flight is little, so it is looked through. */
async function ofMessage(
  ctx: Context,
  ref: Exclude<MessageRef, {by: 'place'}>,
  group: string | undefined,
): Promise<InFlight[]> {
  const isMeant = ({id}: InFlight): boolean =>
    ref.by === 'id' ? id === ref.id : id.replaceAll('-', '').endsWith(ref.end)
  const meant = (await ctx.store.claims.inFlight({group})).filter(isMeant)
  const views = new Map<string, boolean>()
  for (const {channel} of meant)
    if (!views.has(channel)) views.set(channel, (await readable(ctx, channel)) !== undefined)
  return meant.filter(({channel}) => views.get(channel))
}

function several(text: string, own: readonly InFlight[]): LeatError {
  const names = own.map((one) => `${placeName(one)} for ${one.group}`)
  const [first] = own
  return new LeatError('USAGE', `"${text}" names ${names.length} claims: ${names.join(', ')}`, {
    hint: first && `name one, like ${placeName(first)} --group ${first.group}`,
  })
}

/** Says who has it, or that nobody has. */
function notClaimed(ctx: Context, text: string, standing: readonly InFlight[], group: string | undefined): LeatError {
  const forGroup = group === undefined ? '' : ` for ${group}`
  const taken = standing.find(({state}) => state === 'claimed')
  if (taken)
    return new LeatError(
      'STALE_CLAIM',
      `${placeName(taken)} is claimed for ${taken.group} by ${taken.by} until ${taken.until}, not by ${ctx.actor}`,
      {hint: `leat why ${placeName(taken)} ${taken.group}`},
    )
  const [waiting] = standing
  if (waiting)
    return new LeatError(
      'STALE_CLAIM',
      `nobody has claimed ${placeName(waiting)} for ${waiting.group}: it is given again at ${waiting.until}`,
      {hint: `leat claim ${waiting.channel} --group ${waiting.group}`},
    )
  return new LeatError('STALE_CLAIM', `nobody has claimed "${text}"${forGroup}`, {hint: `leat show ${text}`})
}
