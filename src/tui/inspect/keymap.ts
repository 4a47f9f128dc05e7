/** What is asked of the table of keys. */
import type {Key} from '../screen/keys.js'
import {BINDINGS, type Binding, TOPICS, type Topic} from './bindings.js'
import type {ViewKind} from './state.js'

/** What a key does in a view. */
export const bindingFor = (kind: ViewKind, key: Key): Binding | undefined => {
  const name = 'name' in key ? key.name : 'char' in key ? key.char : undefined
  return BINDINGS.find(({keys, views}) => name !== undefined && keys.includes(name) && (views?.includes(kind) ?? true))
}

/** What the footer of a view has, the most needed first. */
export const footerOf = (kind: ViewKind): Binding[] =>
  BINDINGS.filter(({views, footer}) => footer !== undefined && (views?.includes(kind) ?? true)).sort(
    (a, b) => (a.footer as number) - (b.footer as number),
  )

/** What each view is called, where a key applies in some of them only. */
const NAMES: Readonly<Record<ViewKind, string>> = {
  channels: 'channels',
  messages: 'messages',
  message: 'one message',
  letters: 'dead letters',
  help: 'keys',
}

/** Where a key applies. */
export const placesOf = ({views}: Binding): string =>
  views === undefined ? 'everywhere' : views.map((kind) => NAMES[kind]).join(', ')

/** All keys, by topic. */
export const keysByTopic = (): {topic: Topic; bindings: Binding[]}[] =>
  TOPICS.map((topic) => ({topic, bindings: BINDINGS.filter((binding) => binding.topic === topic)}))
