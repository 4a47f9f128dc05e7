/** Taking messages and telling the reader, on stderr, what it should know about them. */
import type {Taken} from '../bus/read.js'
import {type Handing, handOver} from './handing.js'
import type {Output} from './output/output.js'
import {noteNewReader, notePruned, noteRest} from './output/unread.js'

export interface Taking {
  handing: Handing
  out: Output
  /** How many messages there are for a reader in a channel now. */
  unread(channel: string): Promise<number>
  /** The command that reads on where a limit cut; undefined where none does. */
  more?: string
}

/** Hands over everything that is taken, batch by batch. Returns how many messages there were. */
export async function takeAll(source: AsyncIterable<Taken>, taking: Taking): Promise<number> {
  const {handing, out, more, unread} = taking
  let given = 0
  for await (const taken of source) {
    const {channel, messages} = taken
    await tellNews(taken, taking)
    if (messages.length === 0) continue
    await handOver(taken, handing, out)
    given += messages.length
    if (out.terminal && more !== undefined && !taken.end) noteRest(out, messages.length, await unread(channel), more)
  }
  return given
}

async function tellNews({channel, reader, created, pruned, messages}: Taken, {out, unread}: Taking): Promise<void> {
  if (out.quiet) return
  if (!created) notePruned(out, channel, pruned)
  else if (messages.length > 0) noteNewReader(out, channel, reader, await unread(channel))
}
