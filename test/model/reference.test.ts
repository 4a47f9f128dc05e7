import {describe, expect, test} from 'vitest'
import {checkId, type MessageRef, parseMessageRef, parsePlace, placeName, shortId} from '../../src/model/reference.js'
import {refusal} from './refusal.js'

const ID = '0189abcd-1234-7000-8000-00c0ffee0001'

describe('what names a message', () => {
  test.each<[string, MessageRef]>([
    [ID, {by: 'id', id: ID}],
    [ID.toUpperCase(), {by: 'id', id: ID}],
    ['ops/42', {by: 'place', channel: 'ops', seq: 42}],
    ['a.b-c_1/999999999999999', {by: 'place', channel: 'a.b-c_1', seq: 999_999_999_999_999}],
    ['ee0001', {by: 'end', end: 'ee0001'}],
    ['C0FFEE0001', {by: 'end', end: 'c0ffee0001'}],
    ['8000-00c0ffee0001', {by: 'end', end: '800000c0ffee0001'}],
    ['12345678', {by: 'end', end: '12345678'}],
    [ID.replaceAll('-', ''), {by: 'end', end: ID.replaceAll('-', '')}],
  ])('%s', (text, ref) => {
    expect(parseMessageRef(text)).toEqual(ref)
  })

  test.each([
    '',
    'ops',
    'ops/',
    '/42',
    'ops/0',
    'ops/-1',
    'ops/042',
    'ops/1.5',
    'ops/1e3',
    'ops/9999999999999999',
    'a b/1',
    'a/b/1',
    '../1',
    '12345',
    '------',
    'a-----',
    'ghijkl',
    `${ID}0`,
    `x${ID}`,
    ' ops/42',
    'ops/42\n',
  ])('%j names none', (text) => {
    const error = refusal(() => parseMessageRef(text))
    expect([error.code, error.message.includes(JSON.stringify(text))]).toEqual(['INVALID', true])
  })
})

describe('places and ids', () => {
  test('a place is written as it is read', () => {
    expect(placeName({channel: 'ops', seq: 7})).toBe('ops/7')
    expect(parsePlace('ops/7')).toEqual({channel: 'ops', seq: 7})
    expect(parsePlace(ID)).toBeUndefined()
  })

  test('an id is lower case with dashes', () => {
    expect(checkId(ID.toUpperCase())).toBe(ID)
    for (const text of ['', ID.slice(1), ID.replaceAll('-', ''), `{${ID}}`, `${ID}\n`])
      expect(refusal(() => checkId(text)).code).toBe('INVALID')
  })

  test('the short form of an id names it', () => {
    expect(shortId(ID)).toBe('ffee0001')
    expect(parseMessageRef(shortId(ID))).toEqual({by: 'end', end: 'ffee0001'})
  })
})
