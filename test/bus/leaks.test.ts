// What is not for someone leaves no trace in anything else that one may look at.
import {beforeEach, describe, expect, test} from 'vitest'
import type {Bus} from '../../src/bus/bus.js'
import type {Claim} from '../../src/model/claim.js'
import type {Message} from '../../src/model/message.js'
import {all, bodies, refusal, text, type World, world} from './world.js'

let w: World
let alice: Bus
let bob: Bus
let eve: Bus

beforeEach(async () => {
  w = await world()
  ;[alice, bob, eve] = [w.as('alice'), w.as('bob'), w.as('eve')]
  await alice.createChannel('ops')
  await alice.createChannel('hr', {restricted: true, members: ['bob']})
})

describe('links', () => {
  test('to what is hidden are ids alone, from it there are none', async () => {
    const {id: secret} = await bob.send('hr', {body: 'secret'})
    const {id: open} = await bob.send('ops', {body: 'open', replyTo: secret, references: [secret]})
    await bob.send('hr', {body: 'hidden answer', replyTo: open})
    await bob.send('hr', {body: 'hidden pointer', references: [open]})
    const shown = await eve.show(open)
    const hidden = {id: secret, unreadable: true}
    expect(shown).toMatchObject({replyTo: hidden, references: [hidden], referencedBy: [], replies: []})
    expect(JSON.stringify(shown)).not.toMatch(/"hr"|hidden|secret/)
    expect((await bob.show(open)).replies).toHaveLength(1)
  })

  test('a thread shows of hidden parts only that what one sees hangs on something', async () => {
    const {id: root} = await bob.send('hr', {body: 'root'})
    const {id: middle} = await bob.send('hr', {body: 'middle', replyTo: root})
    await bob.send('hr', {body: 'aside', replyTo: root})
    const {id: leaf} = await bob.send('ops', {body: 'leaf', replyTo: middle})
    await bob.send('hr', {body: 'below', replyTo: leaf})
    for (const tree of [await eve.thread(leaf), await eve.ancestors(leaf)])
      expect(tree).toMatchObject([
        {id: root, depth: 0, unreadable: true, places: []},
        {id: middle, depth: 1, unreadable: true, places: []},
        {id: leaf, depth: 2, places: [{channel: 'ops'}]},
      ])
    expect(await bodies(eve.log([], {thread: leaf}))).toEqual(['leaf'])
  })

  test('a message in several channels has the places that one sees', async () => {
    const {id} = await bob.send(['hr', 'ops'], {body: 'both'})
    await all(bob.read('hr'))
    await bob.claim('hr')
    const details = await eve.show(id)
    expect(details).toMatchObject({places: [{channel: 'ops', seq: 1}], readers: [], claims: []})
    expect(await eve.thread(id)).toMatchObject([{places: [{channel: 'ops', seq: 1}]}])
    expect((await eve.why(id)).channel).toBe('ops')
    await expect(bob.why(id)).rejects.toMatchObject(refusal('USAGE', /2 places/))
  })

  test('links by correlation id go to nothing hidden', async () => {
    const {id} = await bob.send('ops', {body: 'open', correlationId: 'c'})
    await bob.send('hr', {body: 'hidden', correlationId: 'c'})
    const [node] = await eve.thread(id)
    expect(node?.references).toBeUndefined()
  })
})

describe('lists and counts', () => {
  beforeEach(async () => {
    await bob.send('ops', {body: 'open', conversation: 'talk'})
    await bob.send('hr', {body: 'secret', conversation: 'talk'})
    await bob.send('hr', {body: 'secret', conversation: 'affair'})
    await bob.send('hr', {body: 'later', deliverAt: w.clock.now + 1000})
    await bob.subscribe('hr', {from: 'start'})
    const [claim] = await bob.claim('hr')
    await bob.nack({claim: (claim as Claim).token}, {dead: true})
  })

  test('have nothing of a channel that one may not read', async () => {
    expect((await eve.channels({all: true})).map(({name, messages}) => [name, messages])).toEqual([['ops', 1]])
    expect(await eve.channels({pattern: 'h*'})).toEqual([])
    expect(await bodies(eve.log([]))).toEqual(['open'])
    expect(await bodies(eve.log([], {filter: {text: 'secret'}}))).toEqual([])
    expect(await bodies(eve.log([], {reverse: true, limit: 9}))).toEqual(['open'])
    expect(await eve.search('secret', {limit: 9})).toMatchObject({messages: [], more: false})
    expect(await eve.search('bob', {limit: 1, sort: 'relevance'})).toMatchObject({more: false, compared: 1})
    expect(await bodies(eve.follow(['*'], {from: 'start', idle: 1}))).toEqual(['open'])
    await expect(all(eve.log(['h*']))).rejects.toMatchObject(refusal('NOT_FOUND', /no channel matches "h\*"/))
    expect(await eve.subscriptions()).toEqual([])
    expect(await eve.subscriptions({subscriber: 'bob'})).toEqual([])
    expect(await eve.cursors()).toEqual([])
    expect(await eve.cursors({reader: 'bob'})).toEqual([])
    expect(await all(eve.deadLetters())).toEqual([])
    expect(await eve.redrive({})).toEqual([])
    await expect(all(eve.deadLetters({group: 'workers'}))).rejects.toMatchObject(refusal('NOT_FOUND'))
    expect(await eve.scheduled()).toEqual([])
    expect(await eve.conversations()).toMatchObject([{name: 'talk', messages: 1, channels: ['ops']}])
    await expect(eve.conversations('affair')).rejects.toMatchObject(refusal('NOT_FOUND'))
  })

  test('a conversation made by hand tells nothing of who sent in it before', async () => {
    w.clock.now += 1000
    const made = await eve.createConversation('affair')
    expect(made).toMatchObject({createdBy: 'eve', createdAt: new Date(w.clock.now).toISOString()})
    expect(await eve.conversations('affair')).toMatchObject([{createdBy: 'eve', messages: 0, channels: []}])
    expect(await bob.conversations('affair')).toMatchObject([{messages: 1}])
  })

  test('what one subscribed to before it was closed counts no more', async () => {
    await alice.updateChannel('hr', {members: {remove: ['bob']}})
    await alice.send('hr', {body: 'since'})
    expect(await bob.inboxCounts()).toEqual([])
    expect(await all(bob.inbox())).toEqual([])
    expect((await bob.channels()).map(({name}) => name)).toEqual(['ops'])
    await expect(bob.unread('hr')).rejects.toMatchObject(refusal('FORBIDDEN'))
    expect(await bob.unsubscribe('hr')).toBe(true)
  })

  test('an id, or the end of one, finds nothing hidden', async () => {
    const [hidden] = await all(bob.log(['hr'], {limit: 1}))
    const id = (hidden as Message).id
    const acts = [
      (ref: string) => eve.show(ref),
      (ref: string) => eve.cancelScheduled(ref),
      (ref: string) => eve.ack({claim: ref}),
      (ref: string) => all(eve.waitForReply(ref)),
      (ref: string) => eve.redrive({message: ref}),
    ]
    for (const ref of [id, id.slice(-12)])
      for (const act of acts) await expect(act(ref)).rejects.toMatchObject(refusal('NOT_FOUND'))
    await expect(eve.setCursor('ops', id)).rejects.toMatchObject(refusal('NOT_FOUND'))
    await expect(all(eve.log(['ops'], {from: id}))).rejects.toMatchObject(refusal('NOT_FOUND'))
  })
})

describe('numbers and pages', () => {
  const ids = Array.from({length: 9}, (_, at) => `01a215b4-da6f-75b8-b041-00fb0f13058${at}`)

  /** What eve is told of a store, but the last seqs of channels, which count what is not for one too. */
  async function toldTo(eve: Bus): Promise<string> {
    const told = [
      await eve.statistics([]),
      await eve.statistics(['ops'], {parts: 5}),
      await eve.search('word', {limit: 2}),
      await eve.search('word', {limit: 2, before: 'ops/2'}),
      await eve.search('word', {limit: 1, sort: 'relevance'}),
      await eve.search('secret*', {limit: 9}),
      await eve.search('bob', {limit: 9}),
      await eve.page([], {limit: 2, order: 'backward'}),
      await eve.conversations(),
      await eve.inboxCounts(),
      await all(eve.export([])),
      await all(eve.export(['*'], {filter: {where: ['a=1']}})),
      await all(eve.log([], {thread: ids[0]})),
    ]
    return JSON.stringify(told, (name, value) => (['lastSeq', 'epoch'].includes(name) ? undefined : value)).replaceAll(
      /"record":"export","version":1,"id":"[^"]+"/g,
      '',
    )
  }

  test('are the same whether or not there is something that one may not see', async () => {
    const open = async (at: World): Promise<void> => {
      const bus = at.as('alice')
      for (const [index, body] of ['word one', 'word two', 'word three'].entries())
        await bus.send('ops', {id: ids[index], body, conversation: 'talk'})
      await bus.subscribe('ops', {subscriber: 'eve'}).catch(() => {})
    }
    await open(w)
    const before = await toldTo(eve)
    const hidden = {recipient: 'bob', type: 'secrecy', replyTo: ids[0], conversation: 'talk'}
    await alice.send('ops', {id: ids[3], body: 'word secret', ...hidden})
    await bob.send('ops', {id: ids[4], body: '{"a":1,"word":"secret"}', contentType: 'application/json', ...hidden})
    await bob.send('hr', {id: ids[5], body: 'word secret', replyTo: ids[1], conversation: 'affair'})
    await bob.send('hr', {body: 'word later', deliverAt: w.clock.now + 1000})
    expect(await toldTo(eve)).toBe(before)
    expect(await toldTo(bob)).toContain('secret')
  })
})

describe('access lost while one waits', () => {
  const WAITS: Record<string, (bus: Bus, given: string[]) => Promise<unknown>> = {
    read: async (bus, given) => {
      for await (const {messages} of bus.read('hr', {wait: 60_000})) given.push(...messages.map(text))
    },
    peek: async (bus, given) => {
      for await (const message of bus.peek('hr', {wait: 60_000})) given.push(text(message))
    },
    claim: async (bus, given) => {
      for (const {message} of await bus.claim('hr', {wait: 60_000})) given.push(text(message))
    },
    follow: async (bus, given) => {
      for await (const message of bus.follow(['hr'])) given.push(text(message))
    },
    followCursor: async (bus, given) => {
      for await (const {messages} of bus.followCursor(['hr'])) given.push(...messages.map(text))
    },
    work: (bus, given) =>
      bus.work('hr', async ({message}) => {
        given.push(text(message))
        return undefined
      }),
  }

  test.each(Object.keys(WAITS))('%s ends, and gives nothing that was sent since', async (wait) => {
    const given: string[] = []
    const waiting = WAITS[wait]?.(await w.elsewhere('bob'), given)
    waiting?.catch(() => {})
    await alice.updateChannel('hr', {members: {remove: ['bob']}})
    await alice.send('hr', {body: 'since'})
    await expect(waiting).rejects.toMatchObject(refusal('FORBIDDEN', /^bob may not read "hr"/))
    expect(given).toEqual([])
  })

  test('a page that is in hand already is the last', async () => {
    for (const body of ['1', '2']) await alice.send('hr', {body})
    const given: string[] = []
    const reading = async (): Promise<void> => {
      for await (const taken of bob.read('hr', {all: true, limit: 1})) {
        given.push(...taken.messages.map(text))
        await alice.updateChannel('hr', {members: {remove: ['bob']}})
        await taken.commit()
      }
    }
    await expect(reading()).rejects.toMatchObject(refusal('FORBIDDEN'))
    expect(given).toEqual(['1'])
    // What was not given is held by nobody.
    await alice.updateChannel('hr', {members: {add: ['bob']}})
    expect(await all(bob.peek('hr'))).toHaveLength(1)
    for await (const {messages} of bob.read('hr', {holdWait: 0})) expect(messages.map(text)).toEqual(['2'])
  })

  test('follow of a glob goes on with the rest', async () => {
    const given: string[] = []
    const bobs = await w.elsewhere('bob')
    const following = (async () => {
      for await (const message of bobs.follow(['*'], {from: 'start', count: 1})) given.push(text(message))
    })()
    await alice.updateChannel('hr', {members: {remove: ['bob']}})
    await alice.send('hr', {body: 'since'})
    await alice.send('ops', {body: 'open'})
    await following
    expect(given).toEqual(['open'])
  })
})

describe('answers', () => {
  test('go to no channel that the asker may not read', async () => {
    const draft = {body: 'x', replyChannel: 'hr'}
    await expect(eve.send('ops', draft)).rejects.toMatchObject(refusal('FORBIDDEN', /^eve may not read "hr"/))
    await expect(eve.request('ops', draft)).rejects.toMatchObject(refusal('FORBIDDEN'))
    expect((await bob.send('ops', draft)).sent).toHaveLength(1)
  })

  test('go to no usual channel that somebody made who may not read what is asked', async () => {
    await eve.createChannel('hr.replies')
    await expect(bob.request('hr', {body: 'x'}, {timeout: 1})).rejects.toMatchObject(
      refusal('FORBIDDEN', 'answers would go to "hr.replies", and eve made that, who may not read them'),
    )
    expect(await bodies(bob.log(['hr']))).toEqual([])
    await alice.updateChannel('hr', {members: {add: ['eve']}})
    await expect(bob.request('hr', {body: 'x'}, {timeout: 1})).rejects.toMatchObject(refusal('TIMEOUT'))
  })
})

describe('what is for someone alone', () => {
  beforeEach(async () => {
    await w.as('zoe').subscribe('ops')
    await alice.send('ops', {body: 'for zoe', recipient: 'zoe'})
  })

  test('is for no new group of that name, unless it is theirs or a manager makes it', async () => {
    const acts = [
      () => eve.claim('ops', {group: 'zoe'}),
      () => eve.work('ops', async () => undefined, {group: 'zoe', untilEmpty: true}),
      () => eve.respond('ops', async () => [], {group: 'zoe', signal: AbortSignal.timeout(20)}),
    ]
    for (const act of acts)
      await expect(act()).rejects.toMatchObject(
        refusal('FORBIDDEN', 'zoe reads "ops": a group of that name would get what is for zoe alone', /^--group/),
      )
    expect((await alice.channel('ops')).consumers.map(({kind}) => kind)).toEqual(['reader'])
    expect(await eve.claim('ops', {group: 'crew'})).toEqual([])
    expect(await w.as('zoe').claim('ops', {group: 'zoe'})).toHaveLength(1)
  })

  test('is for a group that was there before, by its name', async () => {
    await alice.claim('ops', {group: 'builders', maxAttempts: 9})
    await w.as('builders').subscribe('ops')
    await alice.send('ops', {body: 'build', recipient: 'builders'})
    expect((await eve.claim('ops', {group: 'builders'})).map(({message}) => text(message))).toEqual(['build'])
  })
})

test('who may only send learns nothing of what is there', async () => {
  await alice.grant({channel: 'hr', permissions: ['submit'], to: [{actor: 'eve'}]})
  await bob.send('hr', {body: 'secret', key: 'k', id: '00000000-0000-7000-8000-000000000001'})
  const error = await eve.send('hr', {body: 'mine', key: 'k'}).catch((reason) => reason)
  expect(error).toMatchObject(refusal('CONFLICT'))
  expect(JSON.stringify(error)).not.toMatch(/bob|secret|0000-7000/)
  await expect(eve.show('hr/1')).rejects.toMatchObject(refusal('FORBIDDEN'))
})
