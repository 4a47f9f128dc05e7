/** How conversations are printed. */
import type {ConversationSummary} from '../../../bus/conversations.js'
import type {Conversation} from '../../../model/conversation.js'
import {age, ago} from '../age.js'
import type {Output, View} from '../output.js'
import {pairsText} from './pairs.js'

/** A conversation by itself. */
export const CONVERSATION: View<Conversation> = {
  columns: [
    {head: 'NAME', plain: ({name}) => name},
    {head: 'TITLE', plain: ({title = ''}) => title},
    {head: 'DESCRIPTION', plain: ({description = ''}) => description},
    {head: 'META', plain: ({metadata}) => pairsText(metadata)},
    {head: 'CREATED', plain: ({createdAt}) => createdAt, shown: ({createdAt}, now) => ago(createdAt, now)},
    {head: 'CREATED BY', plain: ({createdBy}) => createdBy},
  ],
}

/** `conversation list`. */
export const CONVERSATION_SUMMARY: View<ConversationSummary> = {
  columns: [
    {head: 'NAME', plain: ({name}) => name, paint: (text, paint) => paint.strong(text)},
    {head: 'TITLE', plain: ({title = ''}) => title, cut: true, spare: 4},
    {head: 'MESSAGES', plain: ({messages}) => String(messages), align: 'right', spare: 2},
    {head: 'CHANNELS', plain: ({channels}) => channels.join(','), cut: true, spare: 3},
    {
      head: 'LAST',
      plain: ({lastTime = ''}) => lastTime,
      shown: ({lastTime}, now) => (lastTime ? age(lastTime, now) : ''),
      align: 'right',
      paint: (text, paint) => paint.dim(text),
      spare: 1,
    },
    {head: 'CREATED BY', plain: ({createdBy}) => createdBy, paint: (text, paint) => paint.name(text), spare: 5},
  ],
}

/** A conversation that was made: in a pipe its name alone. */
export async function printConversation(out: Output, conversation: Conversation): Promise<void> {
  if (out.json || (out.terminal && !out.quiet)) return out.record(conversation, CONVERSATION)
  if (!out.quiet) out.write(`${conversation.name}\n`)
  out.flush()
}
