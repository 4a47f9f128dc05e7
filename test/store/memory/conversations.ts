import {LeatError} from '../../../src/model/errors.js'
import {isLive, isVisible} from '../../../src/model/filter.js'
import {isoTime} from '../../../src/model/time.js'
import type {ConversationSummary, Conversations} from '../../../src/store/store.js'
import type {Access, StoredConversation} from './state.js'

export const conversations = ({state, clock, read, write}: Access): Conversations => {
  const summary = (actor: string, readable: readonly {name: string; all?: boolean}[]) => {
    const now = clock()
    return ({conversation, byHand}: StoredConversation): ConversationSummary[] => {
      const places = readable.flatMap(({name, all}) =>
        (state.rooms.get(name)?.messages ?? [])
          .filter(({fields}) => fields.conversation === conversation.name)
          .filter(({fields}) => isLive(fields, now) && isVisible(fields, {actor, all}))
          .map((stored) => ({name, stored})),
      )
      if (!byHand && places.length === 0 && conversation.createdBy !== actor) return []
      const newest = places.toSorted((a, b) => a.stored.order - b.stored.order).at(-1)
      return [
        {
          ...structuredClone(conversation),
          messages: new Set(places.map(({stored}) => stored.fields.id)).size,
          channels: [...new Set(places.map(({name}) => name))].sort(),
          ...(newest && {lastTime: newest.stored.fields.time}),
        },
      ]
    }
  }
  return {
    create: ({name, ...rest}, by) =>
      write(() => {
        const before = state.conversations.get(name)
        if (before?.byHand) throw new LeatError('EXISTS', `there is a conversation "${name}" already`)
        const conversation = {name, createdAt: isoTime(clock()), createdBy: by, ...structuredClone(rest)}
        state.conversations.set(name, {conversation, byHand: true})
        return structuredClone(conversation)
      }),

    list: ({actor, readable, name}) =>
      read(() =>
        [...state.conversations.values()]
          .filter(({conversation}) => name === undefined || conversation.name === name)
          .sort((a, b) => (a.conversation.name < b.conversation.name ? -1 : 1))
          .flatMap(summary(actor, readable)),
      ),
  }
}
