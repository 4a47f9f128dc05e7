import type {CursorRow} from '../../../bus/cursors.js'
import type {Move} from '../../../model/consumer.js'
import {placeName} from '../../../model/reference.js'
import {age} from '../age.js'
import type {View} from '../output.js'
import {messagesIn} from '../unread.js'

export const cursorView: View<CursorRow> = {
  columns: [
    {head: 'CHANNEL', plain: ({channel}) => channel, paint: (text, paint) => paint.strong(text)},
    {head: 'READER', plain: ({name}) => name, paint: (text, paint) => paint.name(text)},
    {head: 'CURSOR', plain: ({cursor}) => String(cursor), align: 'right', spare: 2},
    {head: 'LAST', plain: ({lastSeq}) => String(lastSeq), align: 'right', spare: 4},
    {
      head: 'UNREAD',
      plain: ({unread}) => String(unread),
      align: 'right',
      paint: (text, paint, {unread}) => (unread > 0 ? paint.good(text) : paint.dim(text)),
      spare: 1,
    },
    {
      head: 'MOVED',
      plain: ({movedAt}) => movedAt,
      shown: ({movedAt}, now) => age(movedAt, now),
      align: 'right',
      paint: (text, paint) => paint.dim(text),
      spare: 3,
    },
    {head: 'HELD', plain: heldPlaces, spare: 5},
  ],
}

/** The places that someone has in hand: `ops/3-5`. */
function heldPlaces({channel, held}: CursorRow): string {
  if (!held) return ''
  return `${placeName({channel, seq: held.from})}${held.to === held.from ? '' : `-${held.to}`}`
}

export const moveView: View<Move> = {
  columns: [
    {head: 'CHANNEL', plain: ({channel}) => channel, paint: (text, paint) => paint.strong(text)},
    {head: 'READER', plain: ({reader}) => reader, paint: (text, paint) => paint.name(text)},
    {head: 'FROM', plain: ({from}) => String(from), align: 'right'},
    {head: 'TO', plain: ({to}) => String(to), align: 'right'},
    {head: 'AGAIN', plain: ({again}) => String(again), align: 'right'},
    {head: 'SKIPPED', plain: ({skipped}) => String(skipped), align: 'right'},
  ],
}

/** What moving a cursor did, or with `dryRun` would do. */
export function moveSentence({channel, reader, from, to, again, skipped}: Move, {dryRun = false} = {}): string {
  const who = `${reader} in ${channel}`
  if (from === to) return `${who}: at ${to}, as before`
  const effect = to > from ? `${messagesIn(skipped)} skipped` : `${messagesIn(again)} will come again`
  return `${who}: ${dryRun ? 'would go from ' : ''}${from} ${dryRun ? 'to' : '→'} ${to}, ${effect}`
}

/** What a commit by hand did: it never goes back. */
export function commitSentence({channel, reader, from, to, skipped}: Move): string {
  if (from === to) return `${reader} has read ${channel} up to ${to} already`
  return `${reader} has read ${channel} up to ${to} (${messagesIn(skipped)})`
}
