import {LeatError} from '../../model/errors.js'
import type {Place, Seq} from '../../model/message.js'
import type {Store} from '../../store/store.js'
import type {Renaming} from './renaming.js'

/** How a message's line begins, as `export` writes it. */
const HEAD = /^\{"seq":(\d{1,16}),"id":"([0-9a-f-]{36})","channel":"([A-Za-z0-9._-]{1,128})"/

/** What an import that was interrupted stored before is passed over, without a look at its content. */
export class Passing {
  readonly #store: Store
  /** Where each channel stood when it was met; undefined: nothing of it is passed over. */
  readonly #stood = new Map<string, {seq: Seq; id: string; seen: boolean} | undefined>()

  constructor(store: Store) {
    this.#store = store
  }

  /**
   * The place of a line that is passed over, undefined for one that isn't.
   * @throws CONFLICT the last message that is there is another one in the file
   */
  async isPassed(line: Buffer, names: Renaming): Promise<Place | undefined> {
    const [, digits, id, name = ''] = HEAD.exec(line.subarray(0, 256).toString('latin1')) ?? []
    if (digits === undefined) return undefined
    const [seq, channel] = [Number(digits), names.get(name) ?? name]
    const stood = await this.#stoodAt(channel)
    if (!stood) return undefined
    if (seq < stood.seq) return {channel, seq}
    if (seq === stood.seq) stood.seen = id === stood.id
    if (!stood.seen)
      throw new LeatError('CONFLICT', `${channel}/${stood.seq} is not what the file has there`, {
        hint: 'import it without --resume',
      })
    return seq === stood.seq ? {channel, seq} : undefined
  }

  async #stoodAt(channel: string): Promise<{seq: Seq; id: string; seen: boolean} | undefined> {
    if (this.#stood.has(channel)) return this.#stood.get(channel)
    const seq = (await this.#store.channels.get(channel))?.lastSeq ?? 0
    const [last] = seq === 0 ? [] : await this.#store.messages.find({by: 'place', channel, seq})
    const stood = last && {seq, id: last.id, seen: false}
    this.#stood.set(channel, stood)
    return stood
  }
}
