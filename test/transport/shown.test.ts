import {expect, test} from 'vitest'
import {oneLine, reasonOf, shownEndpoint} from '../../src/transport/shown.js'

test('one line of 200 characters, without control characters', () => {
  expect(oneLine('  a\r\n\tb  c \n')).toBe('a b c')
  expect(oneLine('\x1b[31m\0\x7f\u202e\u2066')).toBe('\\u001b[31m\\u0000\\u007f\\u202e\\u2066')
  expect(oneLine('x'.repeat(200))).toBe('x'.repeat(200))
  expect(oneLine('😀'.repeat(1_000_000))).toBe(`${'😀'.repeat(199)}…`)
  expect(oneLine('\x1b'.repeat(1_000_000)).length).toBe(200)
})

test('an endpoint is shown without what may be a secret', () => {
  expect(shownEndpoint('https://user:pw@example.org/a?token=t#f')).toBe('"https://…@example.org/a?…"')
  expect(shownEndpoint('https://pw@')).toBe('"https://…@"')
  expect(shownEndpoint('mailto:bob@example.org\r\nBcc: eve')).toBe('"mailto:bob@example.org Bcc: eve"')
})

test('an error of the network is told in words, and by its code', () => {
  expect(reasonOf(new Error('no\nway'))).toBe('no way')
  expect(reasonOf(Object.assign(new AggregateError([], ''), {code: 'ECONNREFUSED'}))).toBe(
    'nobody listens there (ECONNREFUSED)',
  )
  expect(reasonOf(Object.assign(new Error('getaddrinfo ENOTFOUND x.example'), {code: 'ENOTFOUND'}))).toBe(
    'there is no such host (ENOTFOUND)',
  )
  expect(reasonOf(Object.assign(new AggregateError([], ''), {code: 'EODD'}))).toBe('EODD')
  expect(reasonOf(new TypeError(''))).toBe('TypeError')
  expect(reasonOf('text')).toBe('text')
})
