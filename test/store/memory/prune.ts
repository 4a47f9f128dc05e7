import {CLOCK_DOUBT} from '../../../src/model/channel.js'
import {isVisible} from '../../../src/model/filter.js'
import type {Seq} from '../../../src/model/message.js'
import type {Pruned, PruneOptions} from '../../../src/store/store.js'
import type {Room, State, Stored} from './state.js'

/** Deletes the oldest messages that the options, or the channel's own retention, don't keep. */
export function prune(state: State, room: Room, options: PruneOptions, now: number): Pruned {
  const {keep, before, retention = keep === undefined && before === undefined, dryRun = false} = options
  const {maxAge, maxMessages} = retention ? room.channel.retention : {}
  const doubted = maxAge !== undefined && options.trustClock !== true && isDoubtful(state, room, now)
  const limits = {
    keep: Math.min(keep ?? Infinity, maxMessages ?? Infinity),
    before: Math.max(before ?? -Infinity, maxAge === undefined || doubted ? -Infinity : now - maxAge),
    upTo: options.keepUnread === true ? slowest(room) : Infinity,
  }
  const doomed = outOf(room, limits)
  if (!dryRun) remove(room, doomed)
  const deleted = doomed.length
  return {
    channel: room.channel.name,
    deleted,
    kept: room.messages.length - (dryRun ? deleted : 0),
    clockDoubted: doubted,
  }
}

/** Nothing stored anywhere is near the clock. */
const isDoubtful = ({rooms}: State, {messages}: Room, now: number): boolean =>
  messages.length > 0 &&
  [...rooms.values()].every((room) => room.messages.every((stored) => now - timeOf(stored) > CLOCK_DOUBT))

const timeOf = ({fields}: Stored): number => Date.parse(fields.time)

/** The last seq that every reader and subscriber is done with. */
function slowest({readers, messages}: Room): Seq {
  const behind = [...readers].map(([name, {cursor}]) => {
    const unread = messages.find(({fields}) => fields.seq > cursor && isVisible(fields, {actor: name}))
    return unread ? unread.fields.seq - 1 : Infinity
  })
  return Math.min(Infinity, ...behind)
}

function outOf({messages}: Room, {keep, before, upTo}: {keep: number; before: number; upTo: Seq}): Stored[] {
  const surplus = messages.length - keep
  return messages.filter((stored, index) => (index < surplus || timeOf(stored) < before) && stored.fields.seq <= upTo)
}

function remove(room: Room, doomed: readonly Stored[]): void {
  const gone = new Set(doomed)
  room.messages = room.messages.filter((stored) => !gone.has(stored))
  for (const {fields} of doomed) {
    room.byId.delete(fields.id)
    if (fields.key !== undefined) room.byKey.delete(fields.key)
  }
}
