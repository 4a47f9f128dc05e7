/** The store that the acts of `acts.ts` are for, and how they are performed on a bus. */
import type {Bus} from '../../src/bus/bus.js'
import {LeatError} from '../../src/model/errors.js'
import type {Grantee, Permission} from '../../src/model/permission.js'
import {type Act, type Answer, idOn, ROOT} from './acts.js'
import {all} from './world.js'

/**
 * Makes `hr` (restricted) and `ops` (open) with the same messages and grants, `lobby` for all, and everyone's rights.
 * @param as a bus for whoever acts, on a store that is new: nobody administers it yet
 */
export async function prepare(as: (actor: string) => Bus): Promise<void> {
  const [alice, bob, anyone] = [as('alice'), as('bob'), as('anyone')]
  await alice.createChannel('lobby')
  for (const role of ['crew', 'keepers', 'staff', 'admins', 'empty']) await anyone.createRole(role)
  for (const [role, actor] of Object.entries({crew: 'rob', keepers: 'rae', staff: 'abe', admins: 'ada'}))
    await anyone.changeRole(role, {add: [actor]})
  for (const channel of ['hr', 'ops']) {
    await alice.createChannel(channel, {restricted: channel === 'hr', members: ['bob', 'zoe']})
    const grant = (permissions: Permission[], to: Grantee) => alice.grant({channel, permissions, to: [to]})
    await grant(['submit'], {actor: 'sam'})
    await grant(['subscribe'], {actor: 'sue'})
    await grant(['submit', 'subscribe'], {role: 'crew'})
    await grant(['manage'], {actor: 'max'})
    await grant(['manage'], {role: 'keepers'})
    await alice.send(channel, {body: 'one', id: idOn(channel, 1)})
    await alice.send(channel, {body: 'two', id: idOn(channel, 2), replyTo: idOn(channel, ROOT)})
    await alice.send(channel, {body: 'for zoe', id: idOn(channel, 3), recipient: 'zoe'})
    await as('zoe').setCursor(channel, 'start')
    await codeOf(bob.request(channel, {body: 'anybody?'}, {timeout: 1})) // makes the channel of answers
  }
  await anyone.grant({permissions: ['subscribe'], to: [{actor: 'ann'}]})
  await anyone.grant({permissions: ['submit'], to: [{role: 'staff'}]})
  // From then on only who manages all channels may.
  await anyone.grant({permissions: ['manage'], to: [{role: 'admins'}]})
  await as('ada').grant({permissions: ['manage'], to: [{actor: 'amy'}]})
}

/** `ok`, or the code of what was thrown. Anything but a `LeatError` is a bug, and thrown. */
export async function codeOf(done: Promise<unknown>): Promise<Answer> {
  try {
    await done
    return 'ok'
  } catch (error) {
    if (error instanceof LeatError) return error.code
    throw error
  }
}

/** Performs an act. */
export const answerOf = (bus: Bus, {op, input}: Act): Promise<Answer> => {
  const operation = OPERATIONS[op]
  if (!operation) throw new Error(`no operation ${op}`)
  return codeOf(operation(bus, input))
}

// biome-ignore lint/suspicious/noExplicitAny: inputs are data, and each operation knows its own
type Input = any

const namesIn = (channel: string | string[]): string[] => (typeof channel === 'string' ? [channel] : channel)

/** The operations of `acts.ts` as calls of the bus. */
const OPERATIONS: Readonly<Record<string, (bus: Bus, input: Input) => Promise<unknown>>> = {
  'message.send': (bus, {channel, content: body, ...draft}) => bus.send(channel, {body, ...draft}),
  'message.request': (bus, {channel, content: body, timeout}) => bus.request(channel, {body}, {timeout}),
  'message.reply': (bus, {message, content: body}) => bus.reply(message, {body}),
  'message.show': (bus, {message}) => bus.show(message),
  'message.thread': (bus, {message}) => bus.thread(message),
  'message.ancestors': (bus, {message}) => bus.ancestors(message),
  'message.why': (bus, {message}) => bus.why(message),
  'message.wait': (bus, {message, timeout}) => all(bus.waitForReply(message, {timeout})),
  'message.redact': (bus, {message}) => bus.redact(message),
  'messages.read': (bus, {channel, ...options}) => all(bus.read(channel, options)),
  'messages.peek': (bus, {channel, ...options}) => all(bus.peek(channel, options)),
  'messages.unread': (bus, {channel}) => bus.unread(channel),
  'messages.log': (bus, {channel, text, ...options}) => all(bus.log(namesIn(channel), {...options, filter: {text}})),
  'messages.search': (bus, {channel, q}) => bus.search(q, {channels: namesIn(channel), limit: 1}),
  'messages.follow': (bus, {channel, ...options}) => all(bus.follow([channel], options)),
  'channel.statistics': (bus, {channel}) => bus.statistics([channel]),
  'channel.show': (bus, {channel}) => bus.channel(channel),
  'channels.list': (bus, options) => bus.channels(options),
  'channel.update': (bus, {channel, ...change}) => bus.updateChannel(channel, change),
  'channel.misfits': (bus, {channel, schema}) => all(bus.misfits(channel, schema)),
  'channel.setState': (bus, {channel, state}) => bus.setChannelState(channel, state),
  'channel.rename': (bus, {channel, to}) => bus.renameChannel(channel, to),
  'channel.prune': (bus, {channel, ...options}) => bus.pruneChannel(channel, options),
  'channel.delete': (bus, {channel}) => bus.deleteChannel(channel),
  'subscription.put': (bus, {channel, ...options}) => bus.subscribe(channel, options),
  'subscription.delete': (bus, {channel, ...options}) => bus.unsubscribe(channel, options),
  'subscriptions.list': (bus, query) => bus.subscriptions(query),
  'cursors.list': (bus, query) => bus.cursors(query),
  'cursor.show': (bus, {channel, reader}) => bus.cursor(channel, reader),
  'cursor.set': (bus, {channel, position, reader}) => bus.setCursor(channel, position, {reader}),
  'cursor.commit': (bus, {place, reader}) => bus.commitCursor(place, {reader}),
  'claims.claim': (bus, {channel, ...options}) => bus.claim(channel, options),
  'claims.list': (bus, query) => bus.inFlight(query),
  'deadLetters.list': (bus, filter) => all(bus.deadLetters(filter)),
  'deadLetters.redrive': (bus, filter) => bus.redrive(filter),
  'deadLetters.purge': (bus, filter) => bus.purge(filter),
  'scheduled.list': (bus, query) => bus.scheduled(query),
  'grants.grant': (bus, {to, ...options}) => bus.grant({...options, to: actors(to)}),
  'grants.revoke': (bus, {to, ...options}) => bus.revoke({...options, to: actors(to)}),
  'permission.can': (bus, {channel, permission, actor}) => bus.can(permission, channel, actor),
  'role.create': (bus, {role}) => bus.createRole(role),
  'role.show': (bus, {role}) => bus.role(role),
  'role.change': (bus, {role, ...change}) => bus.changeRole(role, change),
  'role.delete': (bus, {role}) => bus.deleteRole(role),
  'token.create': (bus, options) => bus.createToken(options),
}

const actors = (names: readonly string[]): Grantee[] => names.map((actor) => ({actor}))
