import {describe, expect, test} from 'vitest'
import {checkName, defaultActor, globMatcher, isGlob, isName, suggestName} from '../../src/model/names.js'
import {refusal} from './refusal.js'

const LONGEST = 'a'.repeat(128)

describe('names', () => {
  test.each([
    'a',
    '7',
    'ops',
    'Ops',
    'build.linux-x64_1',
    'a.',
    'a-',
    'a_',
    '0.0',
    LONGEST,
    'constructor',
    '__x'.slice(2),
  ])('%j is a name', (text) => {
    expect(isName(text)).toBe(true)
    expect(checkName('channel', text)).toBe(text)
  })

  test.each([
    ['', undefined],
    ['General Chat', 'general-chat'],
    ['..', undefined],
    ['a..b', 'a.b'],
    ['.hidden', 'hidden'],
    ['-x', 'x'],
    ['_x', 'x'],
    ['a/b', 'a-b'],
    ['a b\n', 'a-b'],
    ['ops\n', 'ops'],
    ['Größe', 'gro-e'],
    ['Café Münster', 'cafe-munster'],
    ['ﬁle', 'file'],
    ['Ⅳ', 'iv'],
    ['日本', undefined],
    ['\u{1f600}', undefined],
    ['ops\u0000', 'ops'],
    ['../../etc/passwd', 'etc-passwd'],
    ['a. .b', 'a.-.b'],
    [`${LONGEST}b`, LONGEST],
    [`${'a'.repeat(127)} b`, 'a'.repeat(127)],
    ['#ops', 'ops'],
    ['*', undefined],
  ])('%j is not a name, %j is suggested', (text, better) => {
    expect(isName(text)).toBe(false)
    expect(suggestName(text)).toBe(better)
    const error = refusal(() => checkName('channel', text))
    expect([error.code, error.message]).toEqual(['INVALID', `${JSON.stringify(text)} is not a channel name`])
    expect(error.hint).toContain(better ?? 'begins with a letter or digit')
  })

  test.each([
    ['alice', 501, 'alice'],
    ['Alice.B', 501, 'Alice.B'],
    ['ALICE BOB', 501, 'alice-bob'],
    ['CORP\\alice', 501, 'corp-alice'],
    ['日本', 501, 'uid-501'],
    ['', 0, 'uid-0'],
    [undefined, 12, 'uid-12'],
    [undefined, undefined, 'uid-0'],
  ])('the OS user %j with uid %j is %j', (user, uid, actor) => {
    expect(defaultActor(user, uid)).toBe(actor)
    expect(isName(actor)).toBe(true)
  })
})

describe('globs', () => {
  test.each([
    ['*', ['a', 'a.b', LONGEST], []],
    ['build.*', ['build.', 'build.x', 'build.x.y'], ['build', 'xbuild.a', 'buildxa']],
    ['*.replies', ['ops.replies', '.replies'], ['ops.repliesx', 'replies']],
    ['a?c', ['abc', 'a.c'], ['ac', 'abbc']],
    ['[a-c]x', ['ax', 'cx'], ['dx', 'x', '-x']],
    ['[!a-c]x', ['dx'], ['ax', 'x']],
    ['a*b*c', ['abc', 'aXbXc', 'abbcc', 'abcbc'], ['acb', 'ab', 'bc', 'abcx']],
    ['**', ['', 'a'], []],
    ['a.b', ['a.b'], ['aXb']],
    ['a+(b)|c$', ['a+(b)|c$'], ['aab', 'c']],
    ['[.]x', ['.x'], ['ax']],
    ['ops', ['ops'], ['Ops', 'opsx', 'xops']],
    ['', [''], ['a']],
    ['*a*a*', ['aa', 'xaxax'], ['a', 'xax']],
  ])('%j', (glob, matching, others) => {
    const matches = globMatcher(glob)
    expect(matching.filter((name) => !matches(name))).toEqual([])
    expect(others.filter((name) => matches(name))).toEqual([])
  })

  test.each(['[', 'a[b', '[z-a]', '[]'])('%j is no pattern', (glob) => {
    expect(refusal(() => globMatcher(glob)).code).toBe('INVALID')
  })

  test('many stars try no more than they have to', () => {
    expect(globMatcher(`${'*a'.repeat(60)}*b`)('a'.repeat(128))).toBe(false)
  })

  test.each([
    ['ops', false],
    ['ops.*', true],
    ['o?s', true],
    ['o[p]s', true],
    ['o.p-s_', false],
  ])('%j: %j', (text, glob) => {
    expect(isGlob(text)).toBe(glob)
  })
})
