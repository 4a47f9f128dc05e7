import type {Conversation} from '../model/conversation.js'
import {LeatError} from '../model/errors.js'
import {checkName} from '../model/names.js'
import type {ConversationSummary} from '../store/store.js'
import {readableViews} from './access.js'
import type {Context} from './context.js'
import {checkLabel, checkMetadata, checkNote} from './labels.js'

export type {ConversationSummary} from '../store/store.js'

export interface NewConversation {
  title?: string
  description?: string
  metadata?: Record<string, string>
}

/**
 * Makes a conversation, or takes over one that came to be by a send, with a title and the rest.
 * @throws EXISTS  it was made by hand before
 * @throws INVALID, TOO_LARGE
 */
export async function createConversation(
  ctx: Context,
  name: string,
  {title, description, metadata = {}}: NewConversation = {},
): Promise<Conversation> {
  checkName('conversation', name)
  if (title !== undefined) checkLabel('a title', title)
  if (description !== undefined) checkNote('a description', description)
  const given = {name, ...(title !== undefined && {title}), ...(description !== undefined && {description})}
  return ctx.store.conversations.create({...given, metadata: checkMetadata(metadata)}, ctx.actor)
}

/**
 * Conversations by name, or the one that is named; counts are of messages that the actor may see.
 * @throws NOT_FOUND no conversation of that name
 */
export async function conversations(ctx: Context, name?: string): Promise<ConversationSummary[]> {
  if (name !== undefined) checkName('conversation', name)
  const readable = (await readableViews(ctx)).map((view) => ({name: view.name, all: view.all}))
  const found = await ctx.store.conversations.list({actor: ctx.actor, readable, name})
  if (name === undefined || found.length > 0) return found
  throw new LeatError('NOT_FOUND', `no conversation "${name}" in ${ctx.store.label}`, {
    hint: `leat conversation create ${name}`,
  })
}
