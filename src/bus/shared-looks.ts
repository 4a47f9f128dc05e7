import {isVisible} from '../model/filter.js'
import type {Page, ScanQuery, Store} from '../store/store.js'

/**
 * The store as many streams of one process look at it: what several of them ask for in the same turn of the event loop is
 * asked once.
 *
 * What comes meanwhile is not missed: it is behind the page's end, and the store wakes for it. A page without messages is
 * never given twice, for whoever gets it may be asking for what was stored since. Who may read is asked anew behind every
 * page that is read, so nothing is given that was sent since a channel was closed to somebody.
 */
export function sharedLooks(store: Store): Store {
  const pages = new Turn<Page>()
  const rights = new Turn<unknown>()
  const {channels, grants, messages} = store
  const scan = (query: ScanQuery): Promise<Page> => {
    rights.forget()
    return messages.scan(query)
  }
  return {
    ...store,
    channels: {...channels, get: shared(rights, 'channel', channels.get)},
    grants: {...grants, held: shared(rights, 'grants', grants.held)},
    messages: {
      ...messages,
      scan: async (query) => {
        const key = keyOf(query)
        if (key === undefined) return messages.scan(query)
        // As who manages everything would see it; what is not for somebody is taken out of the page.
        const whole = {...query, channels: query.channels.map((channel) => ({...channel, all: true}))}
        const page = pages.get(key) ?? pages.keep(key, scan(whole), ({messages}) => messages.length > 0)
        return seenBy(query, await page)
      },
    },
  }
}

function shared<Given extends (string | undefined)[], Result>(
  turn: Turn<unknown>,
  what: string,
  ask: (...given: Given) => Promise<Result>,
): (...given: Given) => Promise<Result> {
  return (...given) => {
    const key = `${what} ${given.join(' ')}`
    return (turn.get(key) ?? turn.keep(key, ask(...given), () => true)) as Promise<Result>
  }
}

function seenBy({actor, channels}: ScanQuery, page: Page): Page {
  const all = new Map(channels.map((channel) => [channel.name, channel.all]))
  const messages = page.messages.filter((message) => isVisible(message, {actor, all: all.get(message.channel)}))
  return {...page, messages}
}

/** Undefined for what streams don't ask. */
function keyOf({channels, order, limit, filter, expired}: ScanQuery): string | undefined {
  if (order !== 'forward' || filter !== undefined || expired) return undefined
  if (channels.some(({before}) => before !== undefined)) return undefined
  // A name has no space, and no colon.
  return `${limit} ${channels.map(({name, after = 0}) => `${name}:${after}`).join(' ')}`
}

/** Answers that are kept until the event loop has gone around. */
class Turn<T> {
  readonly #answers = new Map<string, Promise<T>>()

  get(key: string): Promise<T> | undefined {
    return this.#answers.get(key)
  }

  /** @param isKept whether others may be given it, too; an error never is */
  keep(key: string, answer: Promise<T>, isKept: (answer: T) => boolean): Promise<T> {
    if (this.#answers.size === 0) setImmediate(() => this.forget())
    this.#answers.set(key, answer)
    const drop = (): void => {
      if (this.#answers.get(key) === answer) this.#answers.delete(key)
    }
    answer.then((value) => isKept(value) || drop(), drop)
    return answer
  }

  forget(): void {
    this.#answers.clear()
  }
}
