import {isEmptyFilter} from '../../model/filter.js'
import type {Store} from '../store.js'
import * as accessTokens from './access-tokens.js'
import {append} from './append.js'
import {arrivals} from './arrivals.js'
import {Breath} from './breath.js'
import * as channels from './channels.js'
import {claim} from './claims.js'
import * as consumers from './consumers.js'
import * as conversations from './conversations.js'
import * as deadLetters from './dead-letters.js'
import {cancelScheduled, listScheduled} from './delayed.js'
import {takeDelivery} from './deliveries.js'
import {listDeliveries, retryDeliveries} from './delivery-list.js'
import * as deliverySettling from './delivery-settle.js'
import {ancestors, find, links, thread} from './find.js'
import * as grants from './grants.js'
import * as holds from './holds.js'
import {listInFlight} from './in-flight.js'
import {info} from './info.js'
import {maintenanceOf} from './maintenance.js'
import {othersWatch} from './others.js'
import {redact} from './redact.js'
import {redrive} from './redrive.js'
import {prune} from './retention.js'
import * as roles from './roles.js'
import {scan} from './scan.js'
import {searching} from './search.js'
import * as secrets from './secrets.js'
import type {Session} from './session.js'
import * as settling from './settle.js'
import {statistics} from './statistics.js'
import {type Steps, stepsOf} from './steps.js'
import * as subscriptions from './subscriptions.js'
import {summaries} from './summaries.js'
import {firstSince} from './times.js'
import {transfer} from './transfer.js'
import {Waking} from './waking.js'
import * as workers from './workers.js'

/** The port over one open session. Every method is one step: its body runs without an `await` inside. */
export function sqliteStore(session: Session, patience: number): Store {
  const breath = new Breath()
  const waking = new Waking(session, breath)
  const {conditions} = session
  const steps = stepsOf(session, waking, {patience, breath})
  const othersWrote = othersWatch(session.connection)
  const {step, write, note, alone, give, look} = steps

  return {
    label: session.label,
    channels: {
      create: (...parameters) => write(() => channels.createChannel(session, ...parameters)),
      get: (name) => look(() => channels.getChannel(session, name)),
      all: () => look(() => channels.allChannels(session)),
      summaries: (query) => look(() => summaries(session, query)),
      update: (...parameters) => write(() => channels.updateChannel(session, ...parameters)),
      setState: (...parameters) => write(() => channels.setState(session, ...parameters)),
      rename: (...parameters) => write(() => channels.renameChannel(session, ...parameters)),
      delete: (name) => write(() => channels.deleteChannel(session, name)),
      prune: (...parameters) => write(() => prune(session, ...parameters)),
    },
    messages: {
      append: (messages) => write(() => append(session, messages)),
      scan: async (query) => {
        if (!isEmptyFilter(query.filter ?? {})) await session.turns.next()
        await conditions.prepare(query.filter)
        return look(() => {
          const start = performance.now()
          return {...scan(session, query), took: performance.now() - start}
        })
      },
      arrivals: (query) => look(() => arrivals(session, query, waking.seen())),
      find: (ref) => look(() => find(session, ref)),
      firstSince: (channel, time) => look(() => session.connection.read(() => firstSince(session, channel, time))),
      thread: (root) => look(() => thread(session, root)),
      ancestors: (id) => look(() => ancestors(session, id)),
      links: (id) => look(() => links(session, id)),
      redact: (...parameters) => alone(() => redact(session, ...parameters)),
      scheduled: (query) => look(() => listScheduled(session, query)),
      cancel: (...parameters) => write(() => cancelScheduled(session, ...parameters)),
    },
    consumers: {
      take: async (key, options) => {
        await conditions.prepare(options.filter)
        const batch = await holds.take(session, give, key, options)
        if (batch.hold !== '' || batch.created) waking.wrote()
        return batch
      },
      commit: (...parameters) => write(() => holds.commit(session, ...parameters)),
      extend: (...parameters) => note(() => holds.extend(session, ...parameters)),
      release: (...parameters) => write(() => holds.release(session, ...parameters)),
      get: (key) => step(() => consumers.getConsumer(session, key)),
      list: (query) => step(() => consumers.listConsumers(session, query)),
      seek: (...parameters) => write(() => consumers.seek(session, ...parameters)),
      unread: async (key, options) => {
        await conditions.prepare(options.filter)
        return look(() => consumers.unread(session, key, options))
      },
      forget: (key) => write(() => consumers.forget(session, key)),
    },
    claims: {
      join: (...parameters) => write(() => workers.join(session, ...parameters)),
      leave: (worker) => write(() => workers.leave(session, worker)),
      claim: async (group, options) => {
        await conditions.prepare(options.filter)
        const batch = await claim(session, give, group, options)
        // That a message is in someone's hands is no news to anyone who waits.
        if (batch.created || batch.buried.length > 0) waking.wrote()
        return batch
      },
      settle: (...parameters) => write(() => settling.settle(session, ...parameters)),
      extend: (...parameters) => note(() => settling.extendClaim(session, ...parameters)),
      get: (token) => step(() => settling.getClaim(session, token)),
      inFlight: (query) => step(() => listInFlight(session, query)),
    },
    deadLetters: {
      list: (query) => look(() => deadLetters.listDeadLetters(session, query)),
      redrive: (ids) => write(() => redrive(session, ids)),
      purge: (ids) => write(() => deadLetters.purge(session, ids)),
    },
    subscriptions: {
      put: (...parameters) => write(() => subscriptions.putSubscription(session, ...parameters)),
      list: (query) => step(() => subscriptions.listSubscriptions(session, query)),
      secrets: (...parameters) => step(() => secrets.secretsOf(session, ...parameters)),
      addSecret: (...parameters) => write(() => secrets.addSecret(session, ...parameters)),
      remove: (...parameters) => write(() => subscriptions.removeSubscription(session, ...parameters)),
    },
    conversations: {
      create: (...parameters) => write(() => conversations.createConversation(session, ...parameters)),
      list: (query) => look(() => conversations.listConversations(session, query)),
    },
    grants: {
      list: (query) => step(() => grants.listGrants(session, query)),
      held: (...parameters) => step(() => grants.heldGrants(session, ...parameters)),
      change: (...parameters) => write(() => grants.changeGrants(session, ...parameters)),
      administered: () => step(() => grants.isAdministered(session)),
    },
    roles: {
      create: (...parameters) => write(() => roles.createRole(session, ...parameters)),
      list: (query) => step(() => roles.listRoles(session, query)),
      change: (...parameters) => write(() => roles.changeRole(session, ...parameters)),
      delete: (name) => write(() => roles.deleteRole(session, name)),
    },
    tokens: {
      create: (...parameters) => write(() => accessTokens.createToken(session, ...parameters)),
      find: (hash) => step(() => accessTokens.findToken(session, hash)),
      list: (query) => step(() => accessTokens.listTokens(session, query)),
      revoke: (id) => write(() => accessTokens.revokeToken(session, id)),
    },
    deliveries: {
      take: async (...parameters) => {
        const {batch, news} = await takeDelivery(session, give, ...parameters)
        // That a message is in someone's hands is no news to anyone who waits.
        if (news) waking.wrote()
        return batch
      },
      settle: (...parameters) => write(() => deliverySettling.settleDelivery(session, ...parameters)),
      extend: (...parameters) => note(() => deliverySettling.extendDelivery(session, ...parameters)),
      list: (query) => look(() => listDeliveries(session, query)),
      retry: (ids) => write(() => retryDeliveries(session, ids)),
    },
    search: searching(session, steps),
    maintenance: maintenanceOf(session, steps, patience),
    transfer: transfer(session, steps),
    statistics: statistics(session, steps),
    othersWrote: () => step(othersWrote),
    changed: (...parameters) => waking.changed(...parameters),
    info: () => step(() => info(session)),
    close: async () => close(session, steps, waking),
  }
}

async function close(session: Session, steps: Steps, waking: Waking): Promise<void> {
  if (!session.connection.isOpen) return
  steps.end()
  try {
    for (const [token, reader] of [...session.holds]) holds.release(session, reader, token)
    const released = settling.releaseOwn(session) + deliverySettling.releaseOwnDeliveries(session)
    workers.leaveAll(session)
    if (released > 0) waking.wrote()
  } catch {
    // Best effort: what couldn't be given up is free when this process or the lease is over.
  } finally {
    waking.close()
    session.connection.close()
  }
}
