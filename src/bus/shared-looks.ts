import {isVisible} from '../model/filter.js'
import type {Arrivals, ArrivalsQuery, Store} from '../store/store.js'

/**
 * The store as many streams of one process look at it: what several of them ask for in the same turn of the event loop is
 * asked once.
 *
 * What comes meanwhile is not missed: the store wakes for all that has happened since the mark of a page. A page without
 * messages is never given twice, for whoever gets it may be asking for what was stored since. Who may read is asked anew
 * behind every page that is read, so nothing is given that was sent since a channel was closed to somebody.
 */
export function sharedLooks(store: Store): Store {
  const {channels, grants, messages} = store
  const pages = new Turn<{actor: string; found: Arrivals}>()
  const rights = new Turn<unknown>()
  const held = shared(rights, 'grants', grants.held)
  const read = async (query: ArrivalsQuery): Promise<{actor: string; found: Arrivals}> => {
    // As who manages everything would see it; what is not for somebody is taken out of the page.
    const whole = {...query, channels: query.channels.map((channel) => ({...channel, all: true}))}
    const found = await messages.arrivals(whole)
    rights.forget()
    return {actor: query.actor, found}
  }
  const arrivals = async (query: ArrivalsQuery): Promise<Arrivals> => {
    const key = keyOf(query)
    const page = pages.get(key) ?? pages.keep(key, read(query), ({found}) => found.messages.length > 0)
    const {actor, found} = await page
    if (actor === query.actor) return seenBy(query, found)
    const access = found.access.map(async ({channel}) => ({channel, held: await held(query.actor, channel.name)}))
    return seenBy(query, {...found, access: await Promise.all(access)})
  }
  return {
    ...store,
    channels: {...channels, get: shared(rights, 'channel', channels.get)},
    grants: {...grants, held},
    messages: {...messages, arrivals},
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

function seenBy({actor, channels}: ArrivalsQuery, page: Arrivals): Arrivals {
  const all = new Map(channels.map((channel) => [channel.name, channel.all]))
  const messages = page.messages.filter((message) => isVisible(message, {actor, all: all.get(message.channel)}))
  return {...page, messages}
}

/** A name has no space, and no colon. */
const keyOf = ({channels, limit}: ArrivalsQuery): string =>
  `${limit} ${channels.map(({name, after}) => `${name}:${after}`).join(' ')}`

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
