import {expect, test} from 'vitest'
import {formatPositions, type Position, parsePosition, parsePositions} from '../../src/model/position.js'
import {refusal} from './refusal.js'

const NOW = Date.UTC(2026, 2, 10, 12)
const ID = '0189abcd-1234-7000-8000-00c0ffee0001'

test.each<[string, Position]>([
  ['start', {at: 'start'}],
  ['now', {at: 'now'}],
  ['cursor', {at: 'cursor'}],
  ['0', {at: 'seq', seq: 0}],
  ['42', {at: 'seq', seq: 42}],
  ['007', {at: 'seq', seq: 7}],
  ['12345678', {at: 'seq', seq: 12_345_678}],
  ['ops/42', {at: 'message', ref: {by: 'place', channel: 'ops', seq: 42}}],
  ['2h/3', {at: 'message', ref: {by: 'place', channel: '2h', seq: 3}}],
  [ID, {at: 'message', ref: {by: 'id', id: ID}}],
  ['ffee0001', {at: 'message', ref: {by: 'end', end: 'ffee0001'}}],
  ['1234567890123456', {at: 'message', ref: {by: 'end', end: '1234567890123456'}}],
  ['8000-00c0ffee0001', {at: 'message', ref: {by: 'end', end: '800000c0ffee0001'}}],
  ['1234567d', {at: 'message', ref: {by: 'end', end: '1234567d'}}],
  ['12345d', {at: 'time', time: NOW - 12_345 * 86_400_000}],
  ['2h', {at: 'time', time: NOW - 7_200_000}],
  ['90d', {at: 'time', time: NOW - 90 * 86_400_000}],
  ['2026-03-01T00:00Z', {at: 'time', time: Date.UTC(2026, 2, 1)}],
])('%s', (text, position) => {
  expect(parsePosition(text, NOW)).toEqual(position)
})

test.each(['', '-1', '1.5', 'begin', 'Start', 'ops/0', '2026-02-30', '2026-02', '2026-02-30T10:00Z', 'end', '#42'])(
  '%j is none',
  (text) => {
    const error = refusal(() => parsePosition(text, NOW))
    expect([error.code, error.message]).toEqual(['INVALID', `${JSON.stringify(text)} is not a position`])
  },
)

test('positions over several channels are one word, by name', () => {
  expect(formatPositions({ops: 42, 'build.a': 7})).toBe('build.a:7,ops:42')
  expect(parsePositions('build.a:7,ops:42')).toEqual({'build.a': 7, ops: 42})
  expect([formatPositions({}), parsePositions('')]).toEqual(['', {}])
})

test.each(['ops', 'ops:', ':7', 'ops:-1', 'ops:7,', 'a b:7', 'ops:7;x:1', 'ops:1234567890123456'])(
  '%j is no positions',
  (text) => expect(refusal(() => parsePositions(text)).code).toBe('INVALID'),
)
