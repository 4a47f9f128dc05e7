import {expect} from 'vitest'
import {type Suite, upTo} from './bench.js'
import {SECOND, START} from './harness.js'
import {indexAll, searchAll} from './search.js'

/** More channels than are looked for one by one. */
const CHANNELS = 40

/** Searches of many messages and channels, where pieces and bounds are. */
export function manySearchTests({promise}: Suite): void {
  promise('beginnings of words are found among many, however common, with all other words', async (bench) => {
    const {store, sendAll} = bench
    await store.channels.create('ops', {}, 'alice')
    const rare = new Set([3, 404, 405, 1_210])
    const said = (count: number) =>
      `common${count % 7} ${count % 2 ? 'odd' : 'even'} ${rare.has(count) ? 'rarely seen' : 'often seen'}`
    await sendAll('ops', upTo(1_300).map(said))
    const places = (wanted: (count: number) => boolean) =>
      upTo(1_300)
        .reverse()
        .filter(wanted)
        .map((seq) => `ops/${seq}`)
    const table: [string, (count: number) => boolean][] = [
      ['comm*', () => true],
      ['rare*', (count) => rare.has(count)],
      ['comm* rare*', (count) => rare.has(count)],
      ['rarely comm*', (count) => rare.has(count)],
      ['comm* odd', (count) => count % 2 === 1],
      ['comm* -od*', (count) => count % 2 === 0],
      ['seen -comm*', () => false],
      ['"rarely se"*', (count) => rare.has(count)],
      ['comm* -rare* -odd', (count) => count % 2 === 0 && !rare.has(count)],
      ['nowh*', () => false],
    ]
    for (const limit of [undefined, 2_000]) {
      if (limit) while ((await store.search.index({limit, begin: true})).left > 0);
      for (const [text, wanted] of table) expect([text, await searchAll(store, text)]).toEqual([text, places(wanted)])
    }
    expect(await searchAll(store, 'comm*', {limit: 7})).toEqual(places(() => true))
    expect(await searchAll(store, 'rare* comm*', {limit: 1})).toEqual(places((count) => rare.has(count)))
  })

  promise('times bound a search of many channels, though the clock was set back and forth', async (bench) => {
    const {store, send, clock} = bench
    const names = upTo(CHANNELS).map((number) => `c${number}`)
    for (const name of names) await store.channels.create(name, {}, 'alice')
    const known: {place: string; time: number}[] = []
    for (const count of upTo(400)) {
      // Most of the time it goes on, and now and then it jumps; some channels are quiet before, and some behind.
      clock.advance(count % 90 === 0 ? -120 * SECOND : count % 110 === 0 ? 60 * SECOND : SECOND)
      const busy = count < 200 ? 30 : 10 + (count % 2) * 30
      const channel = names[(count * 7) % busy]!
      const {sent} = await send(channel, {body: 'word'})
      const place = sent[0]!
      known.push({place: `${channel}/${'seq' in place ? place.seq : 0}`, time: clock.now()})
    }
    const check = async () => {
      for (const since of [undefined, 0, 30, 100, 160, 250])
        for (const until of [undefined, 20, 110, 170, 300]) {
          const from = since === undefined ? undefined : START + since * SECOND
          const to = until === undefined ? undefined : START + until * SECOND
          const filter = {...(from !== undefined && {since: from}), ...(to !== undefined && {until: to})}
          const expected = known
            .filter(({time}) => time >= (from ?? 0) && time < (to ?? Infinity))
            .map(({place}) => place)
            .reverse()
          expect([since, until, await searchAll(store, 'word', {in: names, filter})]).toEqual([since, until, expected])
        }
    }
    await indexAll(store)
    await check()
  })
}
