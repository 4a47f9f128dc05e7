import {existsSync, readFileSync, renameSync, statSync, writeFileSync} from 'node:fs'
import {deserialize, serialize} from 'node:v8'
import {LeatError} from '../../../src/model/errors.js'
import type {Checked, Finding, RestorePlan} from '../../../src/model/maintenance.js'
import type {Maintenance, PreparedRestore} from '../../../src/store/store.js'
import {digestOf} from './digest.js'
import {isGone} from './groups.js'
import type {Access, Room, State} from './state.js'

type Saved = Omit<State, 'watchers' | 'changes'>

/** @param restored told when this handle has restored the store */
export function maintenance({state, clock, ids, read, write}: Access, restored: () => void): Maintenance {
  return {
    async *check({deep = false, onProgress} = {}) {
      const found = await read(() => findings(state, deep))
      onProgress?.({what: 'messages', done: 1, total: 1})
      yield* found
      return read(() => checked(state, deep, found))
    },

    backup: (file, {replace = false, onProgress} = {}) =>
      read(() => {
        if (existsSync(file) && !replace) throw new LeatError('EXISTS', `${file} is there already`)
        const {watchers: _, changes: _changes, ...saved} = state
        writeFileSync(`${file}.draft`, serialize(saved))
        renameSync(`${file}.draft`, file)
        onProgress?.({what: 'copying', done: 1, total: 1})
        const {epoch} = state
        return {file, bytes: statSync(file).size, ...sizes(state), schemaVersion: 1, epoch}
      }),

    prepareRestore: async (file) => {
      const saved = await read(() => load(file))
      const plan = await read(() => planOf(state, saved, file))
      let isOver = false
      const prepared: PreparedRestore = {
        plan,
        apply: async () => {
          if (isOver) throw new LeatError('CONFLICT', `this restore of ${state.label} is over`)
          isOver = true
          await write(() => {
            replace(state, saved, {epoch: ids(), now: clock()})
            restored()
          })
          const {schemaVersion: _, ...rest} = plan
          return {...rest, epoch: state.epoch}
        },
        discard: async () => {
          isOver = true
        },
      }
      return prepared
    },

    // What nothing uses isn't kept in memory.
    compact: ({dryRun = false} = {}) => read(() => ({store: state.label, before: 0, after: 0, dryRun})),
  }
}

function load(file: string): Saved {
  if (!existsSync(file)) throw new LeatError('NOT_FOUND', `no backup ${file}`)
  try {
    return deserialize(readFileSync(file)) as Saved
  } catch (cause) {
    throw new LeatError('STORAGE', `${file}: not a backup`, {cause})
  }
}

const roomsOf = ({rooms}: Saved): Room[] => [...rooms.values()]

const sizes = (state: Saved) => ({
  channels: state.rooms.size,
  messages: roomsOf(state).reduce((sum, {messages}) => sum + messages.length, 0),
})

const placesOf = (state: Saved): Set<string> =>
  new Set(
    roomsOf(state).flatMap(({channel, messages}) =>
      messages.map(({fields: {seq, id}}) => `${channel.name}/${seq} ${id}`),
    ),
  )

function planOf(state: State, saved: Saved, file: string): RestorePlan {
  const [here, there] = [placesOf(state), placesOf(saved)]
  return {
    file,
    store: state.label,
    way: 'in place',
    ...sizes(saved),
    lost: [...here].filter((place) => !there.has(place)).length,
    gained: [...there].filter((place) => !here.has(place)).length,
    droppedChannels: [...state.rooms.keys()].filter((name) => !saved.rooms.has(name)).sort(),
    schemaVersion: 1,
  }
}

function replace(state: State, saved: Saved, {epoch, now}: {epoch: string; now: number}): void {
  const left = new Map(state.left)
  for (const [name, {channel}] of state.rooms) left.set(name, Math.max(channel.lastSeq, left.get(name) ?? 0))
  const formerEpochs = [state.epoch, ...state.formerEpochs, saved.epoch, ...saved.formerEpochs]
  Object.assign(state, saved, {epoch, formerEpochs})
  for (const [name, seq] of left) {
    const room = state.rooms.get(name)
    if (room) room.channel = {...room.channel, lastSeq: Math.max(room.channel.lastSeq, seq)}
    else state.left.set(name, Math.max(seq, state.left.get(name) ?? 0))
  }
  for (const {readers, groups, pushes} of state.rooms.values()) {
    for (const reader of readers.values()) reader.hold = undefined
    for (const {inFlight, workers} of groups.values()) {
      workers.clear()
      for (const task of inFlight.values())
        if (task.claim) Object.assign(task, {claim: undefined, until: now, reason: 'the store was restored'})
    }
    for (const {parcels} of pushes.values())
      for (const parcel of parcels.values()) if (parcel.claim) Object.assign(parcel, {claim: undefined, until: 0})
  }
}

function findings(state: State, deep: boolean): Finding[] {
  const found: Finding[] = []
  const damage = (kind: string, what: string): void =>
    void found.push({severity: 'damage', kind, what, hint: 'restore it from a backup'})
  for (const {channel, messages, readers, groups} of state.rooms.values()) {
    const seqs = messages.map(({fields}) => fields.seq)
    if (seqs.some((seq, index) => seq <= (seqs[index - 1] ?? 0))) damage('message', `${channel.name} is out of order`)
    if ((seqs.at(-1) ?? 0) > channel.lastSeq) damage('counter', `${channel.name} ends behind its last message`)
    for (const [name, {cursor}] of [...readers, ...groups])
      if (cursor > channel.lastSeq) damage('cursor', `${name} is beyond the end of ${channel.name}`)
    if (deep)
      for (const {fields, digest} of messages)
        if (fields.redactedAt === undefined && digestOf(fields) !== digest)
          damage('content', `${channel.name}/${fields.seq} was altered`)
    for (const [name, {hold}] of readers)
      if (hold && isGone(state, hold.holder))
        found.push({severity: 'note', kind: 'hold', what: `the holder of ${name} is gone`, hint: 'read again'})
  }
  return found
}

const checked = (state: State, deep: boolean, found: readonly Finding[]): Checked => {
  const count = (severity: Finding['severity']): number => found.filter((one) => one.severity === severity).length
  const counts = {damage: count('damage'), warnings: count('warning'), notes: count('note')}
  return {store: state.label, deep, ...sizes(state), ...counts}
}
