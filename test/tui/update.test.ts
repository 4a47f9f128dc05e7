import {expect, test} from 'vitest'
import {WINDOW} from '../../src/tui/inspect/messages.js'
import type {MessagesView, State, View} from '../../src/tui/inspect/state.js'
import {shownView} from '../../src/tui/inspect/state.js'
import {world} from '../bus/world.js'
import {after, atChannels, atMessages, press, rows} from './states.js'

const messages = (state: State): MessagesView => shownView(state) as MessagesView
const seqs = (view: MessagesView): [number, number] => [view.rows[0]!.seq, view.rows.at(-1)!.seq]
const chosen = (state: State): number | undefined => messages(state).rows[messages(state).at]?.seq
const kinds = (state: State): View['kind'][] => state.views.map(({kind}) => kind)
const identity = (state: State) => ({view: messages(state).id, load: messages(state).load})

test.each<[string[], number]>([
  [['down'], 1],
  [['j', 'j', 'k'], 1],
  [['up'], 0],
  [['end'], 4],
  [['G', 'down'], 4],
  [['pagedown'], 4],
  [['end', 'pageup'], 0],
  [['end', 'home'], 0],
  [['x', '1', 'é'], 0],
])('in a list %j leads to row %i', (keys, at) => {
  expect(shownView(press(atChannels('a', 'b', 'c', 'd', 'e'), ...keys).state).at).toBe(at)
})

test('a list is scrolled no further than is needed', () => {
  const many = atChannels(...Array.from({length: 50}, (_, at) => `c${100 + at}`))
  const height = 20
  const down = press(many, ...Array<string>(height).fill('down')).state
  expect(shownView(down)).toMatchObject({at: height, top: 1})
  expect(shownView(press(down, 'up', 'up').state)).toMatchObject({at: height - 2, top: 1})
  expect(shownView(press(down, 'end').state)).toMatchObject({at: 49, top: 30})
})

test('a filter of channels narrows the list as one types, Escape takes it back', () => {
  const typed = press(atChannels('ops', 'builds', 'Blog'), '/', 'b', 'l').state
  expect(shownView(typed)).toMatchObject({rows: [{name: 'Blog'}], filter: 'bl'})
  expect(shownView(press(typed, 'escape').state)).toMatchObject({filter: '', rows: {length: 3}})
  const kept = press(typed, 'enter').state
  expect(kept.prompt).toBeUndefined()
  expect(shownView(kept)).toMatchObject({filter: 'bl'})
  expect(shownView(press(kept, 'escape').state)).toMatchObject({filter: ''})
})

test('a chosen channel stays chosen when others come and go', () => {
  const state = press(atChannels('b', 'd'), 'down').state
  const {state: later} = after(state, {type: 'channels', rows: atChannelRows('a', 'b', 'c', 'd')})
  expect(shownView(later)).toMatchObject({at: 3})
})
const atChannelRows = (...names: string[]) => (shownView(atChannels(...names)) as View & {kind: 'channels'}).rows

test('Enter opens a channel at its newest message, and Escape goes back and reads the list again', () => {
  const {state, effects} = press(atChannels('ops', 'dev'), 'down', 'enter')
  expect(kinds(state)).toEqual(['channels', 'messages'])
  expect(effects).toMatchObject([
    {do: 'look', channel: 'dev', from: 'newest', filter: ''},
    {do: 'cursor', channel: 'dev'},
  ])
  const back = press(state, 'escape')
  expect(kinds(back.state)).toEqual(['channels'])
  expect(back.effects).toEqual([{do: 'channels'}])
  expect(press(back.state, 'escape', 'backspace').state.views).toHaveLength(1)
})

test('at the end of a channel what arrives is chosen as it comes', () => {
  const state = atMessages({rows: rows(1, 5), looked: 5})
  const changed = after(state, {type: 'changed'})
  expect(changed.effects).toMatchObject([{do: 'look', from: {after: 5}}, {do: 'cursor'}])
  const found = {...identity(state), for: 'newer' as const, rows: rows(6, 7), atEnd: true, looked: 7}
  const later = after(changed.state, {type: 'found', found}).state
  expect(chosen(later)).toBe(7)
  expect(messages(later)).toMatchObject({looked: 7, fresh: 0})
})

test('further up, what arrives is counted, and the chosen one stays', () => {
  const state = press(atMessages({rows: rows(1, 5), looked: 5}), 'up').state
  const found = {...identity(state), for: 'newer' as const, rows: rows(6, 8), atEnd: true, looked: 8}
  const later = after(state, {type: 'found', found}).state
  expect(chosen(later)).toBe(4)
  expect(messages(later).fresh).toBe(3)
  expect(messages(press(later, 'end').state)).toMatchObject({fresh: 0, at: 7})
})

test('what changes while it is being looked is looked for again', () => {
  const state = after(atMessages({rows: rows(1, 5), looked: 5}), {type: 'changed'}, {type: 'changed'}).state
  const found = {...identity(state), for: 'newer' as const, rows: rows(6, 6), atEnd: true, looked: 6}
  const first = after(state, {type: 'found', found})
  expect(first.effects).toMatchObject([{do: 'look', from: {after: 6}}])
  const second = after(first.state, {type: 'found', found: {...found, rows: []}})
  expect(second.effects).toEqual([])
})

test('who is far behind sees the newest, not all that passed', () => {
  const state = after(atMessages({rows: rows(1, 5), looked: 5}), {type: 'changed'}).state
  const found = {...identity(state), for: 'newer' as const, rows: rows(6, 205), atEnd: false, looked: 205}
  expect(after(state, {type: 'found', found}).effects).toMatchObject([{do: 'look', from: 'newest'}])
})

test('near the beginning of what is loaded, older ones are', () => {
  const state = atMessages({rows: rows(801, 1000), atStart: false, looked: 1000})
  const up = press(state, ...Array<string>(8).fill('pageup'))
  expect(up.effects).toMatchObject([{do: 'look', from: {before: 801}}])
  const found = {...identity(state), for: 'older' as const, rows: rows(601, 800), atStart: false}
  const later = after(up.state, {type: 'found', found}).state
  expect(seqs(messages(later))).toEqual([601, 1000])
  expect(chosen(later)).toBe(chosen(up.state))
})

test('no more than a window is kept, whichever way one goes', () => {
  let state = atMessages({rows: rows(9801, 10_000), atStart: false, looked: 10_000})
  for (let first = 9801; first > 5000; first -= 200) {
    state = press(state, ...Array<string>(11).fill('pageup')).state
    const found = {...identity(state), for: 'older' as const, rows: rows(first - 200, first - 1), atStart: false}
    state = after(state, {type: 'found', found}).state
    expect(messages(state).rows.length).toBeLessThanOrEqual(WINDOW)
  }
  expect(messages(state)).toMatchObject({atEnd: false, looked: seqs(messages(state))[1]})
  const at = chosen(state)
  const down = press(state, ...Array<string>(60).fill('pagedown'))
  expect(down.effects).toMatchObject([{do: 'look', from: {after: seqs(messages(state))[1]}}])
  const next = seqs(messages(state))[1]
  const found = {
    ...identity(state),
    for: 'newer' as const,
    rows: rows(next + 1, next + 200),
    atEnd: false,
    looked: next + 200,
  }
  const later = after(down.state, {type: 'found', found}).state
  expect(messages(later).rows).toHaveLength(WINDOW)
  expect(messages(later)).toMatchObject({atStart: false, atEnd: false})
  expect(chosen(later)).toBeGreaterThan(at as number)
})

test('End goes on to the newest, Home to the first, where they are not loaded', () => {
  const state = atMessages({rows: rows(400, 500), atStart: false, atEnd: false, looked: 500})
  expect(press(state, 'end').effects).toMatchObject([{do: 'look', from: 'newest'}])
  expect(press(state, 'home').effects).toMatchObject([{do: 'look', from: {around: 'start'}}])
})

test.each([
  ['2h', {around: '2h'}],
  [' 42 ', {around: '42'}],
])('t %s jumps there, and what was looked for before is not shown', (text, from) => {
  const state = atMessages({rows: rows(400, 500), atStart: false, looked: 500})
  const jumped = press(state, 't', ...text, 'enter')
  expect(jumped.effects).toMatchObject([{do: 'look', from}])
  const late = {...identity(state), for: 'older' as const, rows: rows(1, 399), atStart: true}
  expect(messages(after(jumped.state, {type: 'found', found: late}).state).rows).toHaveLength(101)
  const found = {...identity(jumped.state), for: 'all' as const, rows: rows(30, 60), choose: 42, looked: 60}
  expect(chosen(after(jumped.state, {type: 'found', found}).state)).toBe(42)
})

test('a filter of messages is looked for as one types, and leads back to where one was', () => {
  const state = press(atMessages({rows: rows(1, 5), looked: 5}), 'up').state
  const typed = press(state, '/', 'd', 'i')
  expect(typed.effects).toMatchObject([
    {do: 'look', from: 'newest', filter: 'd'},
    {do: 'look', from: 'newest', filter: 'di'},
  ])
  const found = {...identity(typed.state), for: 'all' as const, rows: rows(2, 2), looked: 5, atEnd: true, atStart: true}
  const kept = press(after(typed.state, {type: 'found', found}).state, 'enter').state
  expect(press(kept, 'escape').effects).toMatchObject([{do: 'look', from: {around: '2'}, filter: ''}])
})

test('a long look shows how far it has come, and goes on', () => {
  const state = press(atMessages({rows: rows(1, 5)}), '/', 'z').state
  const first = {...identity(state), for: 'all' as const, rows: [], atEnd: true, atStart: false, reached: 900}
  const looking = after(state, {type: 'found', found: first})
  expect(looking.effects).toEqual([])
  expect(messages(looking.state).looking).toMatchObject({reached: 900})
  const last = {...identity(state), for: 'older' as const, rows: rows(7, 7), atStart: true}
  expect(messages(after(looking.state, {type: 'found', found: last}).state)).toMatchObject({at: 0, rows: [{seq: 7}]})
})

test.each([
  [['r', 'o', 'k', 'enter'], [{do: 'reply', to: 'ops/5', body: 'ok'}]],
  [['r', 'enter'], []],
  [['r', 'x', 'escape'], []],
  [['e'], [{do: 'compose', to: 'ops/5'}]],
  [['a'], [{do: 'ack', place: 'ops/5'}]],
  [['x', 'y'], [{do: 'redact', message: 'ops/5'}]],
  [['x', 'n'], []],
  [['x', 'enter'], []],
  [['c'], [{do: 'copy', text: '00005'}]],
  [['d'], [{do: 'letters', channel: 'ops'}]],
  [['g', 'ops', '/', '3', 'enter'], [{do: 'go', text: 'ops/3'}]],
  [['q'], [{do: 'quit'}]],
  [['ctrl-c'], [{do: 'interrupt'}]],
  [['r', 'q', 'ctrl-c'], [{do: 'interrupt'}]],
  [['ctrl-z'], [{do: 'suspend'}]],
])('keys %j on a message ask for %j', (keys, effects) => {
  expect(press(atMessages({rows: rows(1, 5)}), ...keys).effects).toMatchObject(effects)
})

test('a question names what it is about, and is over with the next key', () => {
  const asked = press(atMessages({rows: rows(1, 5)}), 'x').state
  expect(asked.prompt?.label).toBe('redact ops/5 of bob, for ever? y/n')
  const pasted = after(asked, {type: 'key', key: {paste: 'y'}})
  expect(pasted.effects).toEqual([])
  expect(pasted.state.status?.text).toBe('nothing was done')
})

test('what is pasted is never a command', () => {
  const pasted = after(atMessages({rows: rows(1, 5)}), {type: 'key', key: {paste: 'xyq\r'}})
  expect(pasted.effects).toEqual([])
  expect(pasted.state.prompt).toBeUndefined()
  const reply = after(press(pasted.state, 'r').state, {type: 'key', key: {paste: 'one\r\ntwo\r'}})
  expect(reply.state.prompt?.text).toBe('one\ntwo\n')
})

test.each<[string[], string, number]>([
  [['abc', 'left', 'X'], 'abXc', 3],
  [['abc', 'home', 'X'], 'Xabc', 1],
  [['abc', 'backspace'], 'ab', 2],
  [['abc', 'home', 'delete'], 'bc', 0],
  [['one two', 'ctrl-w'], 'one ', 4],
  [['one two', 'ctrl-u'], '', 0],
  [['abc', 'left', 'ctrl-k'], 'ab', 2],
  [['👨‍👩‍👧', 'backspace'], '', 0],
  [['a👨‍👩‍👧', 'left', 'b'], 'ab👨‍👩‍👧', 2],
  [['abc', 'tab', 'pageup', 'end'], 'abc', 3],
])('the line after %j is %j', (keys, text, cursor) => {
  const events = keys.flatMap((key) =>
    /^(left|home|end|backspace|delete|ctrl-.|tab|pageup)$/.test(key) ? [key] : [...key],
  )
  expect(press(atMessages({rows: rows(1, 5)}), 'r', ...events).state.prompt).toMatchObject({text, cursor})
})

test('an error stands in the status line until the next key', () => {
  const state = after(atMessages({rows: rows(1, 5)}), {type: 'failed', text: 'alice may not (ask bob)'}).state
  expect(state.status).toEqual({mood: 'bad', text: 'alice may not (ask bob)'})
  expect(press(state, 'up').state.status).toBeUndefined()
})

test('a message that was redacted has no text in the list any more', () => {
  const state = atMessages({rows: rows(1, 2)})
  const done = after(state, {type: 'done', text: 'redacted ops/2', redacted: '00002'}).state
  expect(messages(done).rows).toMatchObject([{isRedacted: false}, {isRedacted: true, text: '(redacted)'}])
})

test('what comes for a view that was left changes nothing', () => {
  const state = atMessages({rows: rows(1, 2)})
  const left = press(state, 'escape').state
  expect(after(left, {type: 'found', found: {...identity(state), for: 'newer', rows: rows(3, 9)}}).state).toEqual(left)
  expect(after(left, {type: 'cursor', view: 99, cursor: 3}).state.views).toEqual(left.views)
})

test('in a smaller screen the chosen row is still in sight', () => {
  const state = atMessages({rows: rows(1, 100), looked: 100})
  const {state: small} = after(state, {type: 'resized', size: {columns: 20, rows: 5}})
  expect(messages(small)).toMatchObject({at: 99, top: 97})
})

test('the way back is long, but not endless', () => {
  let state = atMessages({rows: rows(1, 5)})
  for (let count = 0; count < 300; count++)
    state = after(state, {type: 'resolved', target: {message: `ops/${(count % 5) + 1}`}, isInstead: false}).state
  expect(state.views.length).toBeLessThan(110)
  expect(kinds(state)[0]).toBe('channels')
})

test('what is pressed before a message is loaded happens when it is', async () => {
  const bus = (await world()).as('alice')
  await bus.createChannel('ops')
  await bus.send('ops', {body: 'line\n'.repeat(50)})
  await bus.reply('ops/1', {body: 'yes'})
  const event = async (view: number, ref: string) =>
    ({type: 'details', view, details: await bus.show(ref), nodes: await bus.thread(ref)}) as const
  const opened = press(atMessages({rows: rows(1, 2)}), 'up', 'enter').state
  const {id} = shownView(opened) as View & {kind: 'message'}
  const details = await event(id, 'ops/1')
  const asIfLoaded = press(after(opened, details).state, 'end', 'up')
  expect(shownView(asIfLoaded.state)).toMatchObject({at: expect.toSatisfy((at: number) => at > 50)})
  const early = press(opened, 'end', 'up')
  expect(early.effects).toEqual([])
  expect(after(early.state, details).state).toEqual(asIfLoaded.state)
  // What leads away is for where it leads.
  const answer = after(press(opened, 'o', 'end').state, details)
  expect(answer.effects).toMatchObject([{do: 'details', ref: 'ops/2'}])
  const {id: next} = shownView(answer.state) as View & {kind: 'message'}
  const there = after(answer.state, await event(next, 'ops/2')).state
  expect(shownView(there)).toMatchObject({ref: 'ops/2', keys: [], at: expect.toSatisfy((at: number) => at > 0)})
  expect(press(opened, 'end', 'escape').state.views).toHaveLength(2)
})
