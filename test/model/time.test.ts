import {afterEach, describe, expect, test, vi} from 'vitest'
import {isoTime, MAX_TIME, parseDuration, parseIso, parseTime} from '../../src/model/time.js'
import {refusal} from './refusal.js'

const NOW = Date.UTC(2026, 2, 10, 22, 30)

afterEach(() => {
  vi.unstubAllEnvs()
})

describe('durations', () => {
  test.each([
    ['0s', 0],
    ['200ms', 200],
    ['30s', 30_000],
    ['10m', 600_000],
    ['2h', 7_200_000],
    ['7d', 604_800_000],
    ['1w', 604_800_000],
    ['1.5h', 5_400_000],
    ['0.5ms', 1],
    ['1.0004s', 1000],
    ['007s', 7000],
  ])('%s is %d ms', (text, ms) => {
    expect(parseDuration(text)).toBe(ms)
  })

  test.each([
    '',
    '5',
    's',
    '-1s',
    '+1s',
    '1 s',
    '1S',
    '1h30m',
    '1,5h',
    '.5h',
    '1.h',
    '1e3s',
    '1y',
    '9999999w',
    'Infinitys',
    '1s\n',
  ])('%j is none', (text) => {
    expect(refusal(() => parseDuration(text)).code).toBe('INVALID')
  })
})

describe('ISO 8601', () => {
  test.each([
    ['2026-12-01T08:30:00Z', Date.UTC(2026, 11, 1, 8, 30)],
    ['2026-12-01 08:30Z', Date.UTC(2026, 11, 1, 8, 30)],
    ['2026-12-01T08:30:15.123Z', Date.UTC(2026, 11, 1, 8, 30, 15, 123)],
    ['2026-12-01T08:30:15,5Z', Date.UTC(2026, 11, 1, 8, 30, 15, 500)],
    ['2026-12-01T08:30:15.999999999Z', Date.UTC(2026, 11, 1, 8, 30, 15, 999)],
    ['2026-12-01T08:30:15.001Z', Date.UTC(2026, 11, 1, 8, 30, 15, 1)],
    ['2026-12-01T08:30:00+01:00', Date.UTC(2026, 11, 1, 7, 30)],
    ['2026-12-01T08:30:00-0330', Date.UTC(2026, 11, 1, 12, 0)],
    ['2026-12-01T08:30:00+14', Date.UTC(2026, 10, 30, 18, 30)],
    ['2024-02-29T00:00Z', Date.UTC(2024, 1, 29)],
    ['2000-02-29T00:00Z', Date.UTC(2000, 1, 29)],
    ['1969-12-31T23:59:59.999Z', -1],
    ['9999-12-31T23:59:59.999Z', MAX_TIME],
  ])('%s', (text, time) => {
    expect(parseIso(text)).toBe(time)
  })

  test.each([
    '2026-02-30',
    '2026-02-29',
    '1900-02-29',
    '2026-04-31',
    '2026-00-10',
    '2026-13-01',
    '2026-01-00',
    '2026-01-32',
    '2026-01-01T24:00Z',
    '2026-01-01T10:60Z',
    '2026-01-01T10:10:60Z',
    '2026-01-01T10:10:10.Z',
    '2026-01-01T10Z',
    '2026-1-1',
    '2026-01',
    '2026',
    '20260101',
    '2026-01-01Z',
    '2026-01-01T10:10:10+1',
    '2026-01-01T10:10+24:00',
    '2026-01-01T10:10+01:60',
    '0050-01-01T00:00Z',
    '9999-12-31T23:59:59-01:00',
    '10000-01-01',
    ' 2026-01-01',
    '2026-01-01T10:10z',
    '2026-01-01t10:10Z',
    '2026/01/01',
    '',
  ])('%j is none', (text) => {
    expect(parseIso(text)).toBeUndefined()
    expect(refusal(() => parseTime(text, NOW)).code).toBe('INVALID')
  })

  test.each([
    ['UTC', '2026-12-01', '2026-12-01T00:00:00.000Z'],
    ['Asia/Tokyo', '2026-12-01', '2026-11-30T15:00:00.000Z'],
    ['Asia/Tokyo', '2026-12-01 08:30', '2026-11-30T23:30:00.000Z'],
    ['America/Phoenix', '2026-12-01T08:30:15.5', '2026-12-01T15:30:15.500Z'],
    ['Asia/Kolkata', '2026-12-01T08:30', '2026-12-01T03:00:00.000Z'],
    ['Asia/Kolkata', '2026-12-01T08:30Z', '2026-12-01T08:30:00.000Z'],
  ])('in %s without an offset %s is %s', (zone, text, expected) => {
    vi.stubEnv('TZ', zone)
    expect(isoTime(parseIso(text) ?? 0)).toBe(expected)
  })
})

describe('times as people say them', () => {
  test.each([
    ['UTC', 'today', '2026-03-10T00:00:00.000Z'],
    ['UTC', 'yesterday', '2026-03-09T00:00:00.000Z'],
    ['Asia/Tokyo', 'today', '2026-03-10T15:00:00.000Z'],
    ['Asia/Tokyo', 'yesterday', '2026-03-09T15:00:00.000Z'],
    ['America/Phoenix', 'today', '2026-03-10T07:00:00.000Z'],
    ['America/Phoenix', 'now', '2026-03-10T22:30:00.000Z'],
    ['America/Phoenix', '2h', '2026-03-10T20:30:00.000Z'],
  ])('in %s %s is %s', (zone, text, expected) => {
    vi.stubEnv('TZ', zone)
    expect(isoTime(parseTime(text, NOW))).toBe(expected)
  })

  test('yesterday on the first of a month is the last of the month before', () => {
    vi.stubEnv('TZ', 'UTC')
    expect(isoTime(parseTime('yesterday', Date.UTC(2026, 2, 1, 0, 0, 0, 1)))).toBe('2026-02-28T00:00:00.000Z')
  })

  test('a duration is ago, or from now where that is meant', () => {
    expect(parseTime('90s', NOW)).toBe(NOW - 90_000)
    expect(parseTime('90s', NOW, {ahead: true})).toBe(NOW + 90_000)
    expect(parseTime('now', NOW, {ahead: true})).toBe(NOW)
  })

  test('nothing is ahead of the year 9999', () => {
    expect(refusal(() => parseTime('2920000d', NOW, {ahead: true})).code).toBe('INVALID')
    expect(isoTime(MAX_TIME)).toBe('9999-12-31T23:59:59.999Z')
  })

  test.each(['tomorrow', 'Today', '', '5', 'noon', '-2h', 'now '])('%j is none', (text) => {
    const error = refusal(() => parseTime(text, NOW))
    expect(error.message).toContain(JSON.stringify(text))
  })
})
