import {describe, expect, test} from 'vitest'
import {bodyOfBytes, bodySize, checkBody, checkContentType, isJsonType} from '../../src/model/content.js'
import {LIMITS} from '../../src/model/limits.js'
import {refusal} from './refusal.js'

describe('content types', () => {
  test.each([
    'text/plain',
    'application/json',
    'application/vnd.x+json',
    'text/plain; charset=utf-8',
    'text/plain;charset="utf 8";a=b',
    'image/svg+xml',
    'x/y',
    'a.b-c_d/e',
  ])('%j is one', (text) => {
    expect(checkContentType(text)).toBe(text)
  })

  test.each([
    '',
    'text',
    '/plain',
    'text/',
    'text/plain\r\nX: y',
    'text/plain; a',
    'text/plain; a="\r\n"',
    'text/ plain',
    'text/plain;',
    'text/plain; a=\u001b[31m',
    'text/plain; a="\u0000"',
    `text/${'x'.repeat(300)}`,
    'a/b/c',
  ])('%j is none', (text) => {
    expect(refusal(() => checkContentType(text)).code).toBe('INVALID')
  })

  test.each([
    ['application/json', true],
    ['Application/JSON', true],
    ['application/json; charset=utf-8', true],
    ['application/json ;a=b', true],
    ['application/vnd.api+json', true],
    ['text/json', false],
    ['application/jsonx', false],
    ['text/plain; a=application/json', false],
    ['application/json-seq', false],
    ['', false],
  ])('%j means JSON: %j', (text, json) => {
    expect(isJsonType(text)).toBe(json)
  })
})

describe('bodies', () => {
  test.each<[string | Uint8Array, string]>([
    ['', 'text/plain'],
    ['\u{1f600} \r\n\t\ufeff \u001b', 'text/plain'],
    ['{"a": "\\ud800 \\u0000"}', 'application/json'],
    [Uint8Array.of(0, 255), 'image/png'],
    [new Uint8Array(), 'x/y'],
    ['x'.repeat(LIMITS.content), 'text/plain'],
    ['not JSON', 'text/json'],
  ])('taken: %#', (body, contentType) => {
    checkBody(body, contentType)
  })

  test.each<[string | Uint8Array, string, string]>([
    ['\ud800', 'text/plain', 'INVALID'],
    ['a\udc00b', 'text/plain', 'INVALID'],
    ['"\ud800"', 'application/json', 'INVALID'],
    ['a\0b', 'text/plain', 'INVALID'],
    ['{', 'application/json', 'INVALID'],
    ['', 'application/x+json', 'INVALID'],
    [Uint8Array.of(0x7b, 0x7d), 'application/json', 'INVALID'],
    ['['.repeat(65) + ']'.repeat(65), 'application/json', 'TOO_LARGE'],
    ['x'.repeat(LIMITS.content + 1), 'text/plain', 'TOO_LARGE'],
    ['é'.repeat(LIMITS.content / 2 + 1), 'text/plain', 'TOO_LARGE'],
    [new Uint8Array(LIMITS.content + 1), 'x/y', 'TOO_LARGE'],
  ])('refused: %#', (body, contentType, code) => {
    expect(refusal(() => checkBody(body, contentType)).code).toBe(code)
  })

  test('sizes are in bytes of UTF-8', () => {
    expect([bodySize('é\u{1f600}'), bodySize(Uint8Array.of(1, 2)), bodySize('')]).toEqual([6, 2, 0])
  })

  test.each<[number[], string | undefined]>([
    [[], ''],
    [[0x61, 0x0d, 0x0a], 'a\r\n'],
    [[0xef, 0xbb, 0xbf, 0x61], '\ufeffa'],
    [[0xf0, 0x9f, 0x98, 0x80], '\u{1f600}'],
    [[0x61, 0x00], undefined],
    [[0xff, 0xfe], undefined],
    [[0xed, 0xa0, 0x80], undefined],
    [[0xc0, 0x80], undefined],
    [[0xe2, 0x82], undefined],
  ])('the bytes %j are the text %j, or bytes', (bytes, text) => {
    const given = Uint8Array.from(bytes)
    expect(bodyOfBytes(given)).toEqual(text ?? given)
  })
})
