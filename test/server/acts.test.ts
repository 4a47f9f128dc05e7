/** Who may do what, asked at each door: the answers are those of the bus (`test/bus/acts.ts`), whichever door it is. */
import {mkdtempSync, rmSync} from 'node:fs'
import {tmpdir} from 'node:os'
import {join} from 'node:path'
import {v7} from 'uuid'
import {afterAll, beforeAll, describe, expect, test} from 'vitest'
import {createBus} from '../../src/bus/bus.js'
import {OPERATIONS} from '../../src/server/operations.js'
import {openStore} from '../../src/store/open.js'
import {prepare} from '../bus/acting.js'
import {type Answer, type Row, rowsOn} from '../bus/acts.js'
import {atDoor, type DoorAct, NOT_AT_DOORS} from './at-doors.js'
import {type House, house, tokenOf} from './house.js'
import {say} from './unix.js'
import {type Client, connectTo} from './websocket-client.js'

/** One of each standing, by a grant of every kind. */
const WHO = ['eve', 'abe', 'ann', 'rob', 'rae', 'ada']

type Ask = (at: House, who: string, act: DoorAct) => Promise<Answer>

const byHttp: Ask = async ({call}, who, {operation: name, input}) => {
  const operation = OPERATIONS.find((one) => one.name === name)
  if (!operation) throw new Error(`no operation ${name}`)
  const {method, path} = operation.http
  const rest = new Map(Object.entries(input))
  const filled = path.replace(/\{(\w+)\}/g, (_, parameter: string) => {
    const value = String(rest.get(parameter))
    rest.delete(parameter)
    return encodeURIComponent(value)
  })
  const inQuery = method === 'GET' || method === 'DELETE'
  const query = new URLSearchParams()
  if (inQuery)
    for (const [key, value] of rest)
      for (const one of [value].flat()) if (one !== undefined) query.append(key, String(one))
  const answer = await call(method, `/v1${filled}${inQuery ? `?${query}` : ''}`, {
    as: who,
    ...(!inQuery && {json: Object.fromEntries(rest)}),
  })
  return answer.status < 300 ? 'ok' : answer.json.error.code
}

/** By one connection for each server and actor. */
function byWebSocket(): Ask {
  const clients = new Map<string, Promise<Client>>()
  return async ({http}, who, {operation, input}) => {
    const key = `${http} ${who}`
    const client = clients.get(key) ?? connectTo(http, {as: who})
    clients.set(key, client)
    const {error} = await (await client).ask({do: operation, ...input})
    return error?.code ?? 'ok'
  }
}

const bySocket: Ask = async ({socket}, who, {operation, input}) => {
  const answer = JSON.parse(await say(String(socket), {v: operation, token: tokenOf(who), ...input}))
  return answer?.error?.code ?? 'ok'
}

const folder = mkdtempSync(join(tmpdir(), 'leat-acts-'))
const PREPARED = join(folder, 'prepared.db')
afterAll(() => rmSync(folder, {recursive: true, force: true}))

beforeAll(async () => {
  const store = await openStore(PREPARED, {clock: Date.now, ids: v7, create: true})
  await prepare((actor) => createBus({store, actor, clock: Date.now, ids: v7}))
  await store.close()
})

const prepared = (): Promise<House> => house({socket: true, copyOf: PREPARED})

const needsItsOwn = ({act, expected}: Row): boolean => act.spoils === true && expected === (act.allowed ?? 'ok')

describe.each([
  ['http', () => byHttp],
  ['websocket', byWebSocket],
  ['socket', () => bySocket],
] as const)('at the %s door', (_, asking) => {
  test.each(['hr', 'ops'] as const)('everyone gets the answers of the bus on %s', async (channel) => {
    const ask = asking()
    const shared = await prepared()
    const answers: string[][] = []
    const wanted: string[][] = []
    for (const row of rowsOn(channel)) {
      const act = WHO.includes(row.who) ? atDoor(row.act, row.who) : undefined
      if (!act) continue
      const at = needsItsOwn(row) ? await prepared() : shared
      // Where there is none, a door says so; whether one may is asked here.
      if (act.operation === 'subscription.delete')
        await at.store.subscriptions.put(channel, String(act.input['subscriber']), {}, 'alice')
      answers.push([row.who, row.act.name, await ask(at, row.who, act)])
      wanted.push([row.who, row.act.name, row.expected])
    }
    expect(answers).toEqual(wanted)
    expect(answers.length).toBeGreaterThan(200)
  })
})

test('every act that doors leave out is an act', () => {
  const names = new Set(rowsOn('hr').map(({act}) => act.name))
  for (const name of NOT_AT_DOORS) expect(names).toContain(name)
})
