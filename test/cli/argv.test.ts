import {describe, expect, test} from 'vitest'
import {packVerbatim, splitCall, unpack} from '../../src/cli/argv.js'

describe('packing takes verbatim values out of the parser’s sight', () => {
  const cases: [given: string[], packed: string[]][] = [
    [
      ['send', 'ops', 'hi'],
      ['send', 'ops', 'hi'],
    ],
    [
      ['send', 'ops', '-m', '--help'],
      ['send', 'ops', '--message=\0--help'],
    ],
    [
      ['send', 'ops', '-m', '--'],
      ['send', 'ops', '--message=\0--'],
    ],
    [
      ['send', 'ops', '--message', '-x'],
      ['send', 'ops', '--message=\0-x'],
    ],
    [
      ['send', 'ops', '--message=-x'],
      ['send', 'ops', '--message=\0-x'],
    ],
    [
      ['send', 'ops', '--message=two\nlines'],
      ['send', 'ops', '--message=\0two\nlines'],
    ],
    [
      ['send', 'ops', '--message='],
      ['send', 'ops', '--message=\0'],
    ],
    [
      ['send', 'ops', '-m', ''],
      ['send', 'ops', '--message=\0'],
    ],
    [
      ['send', 'ops', '-mtext\nmore'],
      ['send', 'ops', '--message=\0text\nmore'],
    ],
    [
      ['send', 'ops', '-qm', '-x'],
      ['send', 'ops', '-q', '--message=\0-x'],
    ],
    [
      ['send', 'ops', '-m'],
      ['send', 'ops', '--message'],
    ],
    [
      ['channel', 'create', 'ops', '--title=-notes'],
      ['channel', 'create', 'ops', '--title=\0-notes'],
    ],
    [
      ['channel', 'create', 'ops', '--title=notes=-x'],
      ['channel', 'create', 'ops', '--title=notes=-x'],
    ],
    [
      ['read', 'ops', '--', 'sh', '-c', 'x'],
      ['read', 'ops', '--rest=\0["sh","-c","x"]'],
    ],
    [
      ['read', 'ops', '--'],
      ['read', 'ops', '--rest=\0[]'],
    ],
    [
      ['send', 'ops', '--', '-m', '--'],
      ['send', 'ops', '--rest=\0["-m","--"]'],
    ],
  ]
  test.each(cases)('%j', (given, packed) => expect(packVerbatim(given)).toEqual(packed))

  test('and unpacking gives them back', () => {
    expect(unpack('\0--help')).toBe('--help')
    expect(unpack('\0')).toBe('')
    expect(unpack('plain')).toBe('plain')
    expect(unpack('=plain')).toBe('=plain')
  })
})

describe('a command line is taken apart', () => {
  const ids = new Set(['send', 'list', 'channel', 'channel:list', 'channel:create'])
  const cases: [given: string[], name: string[], globals: string[], rest: string[]][] = [
    [[], [], [], []],
    [['list'], ['list'], [], []],
    [['send', 'list'], ['send'], [], ['list']],
    [['channel', 'list', 'ops'], ['channel', 'list'], [], ['ops']],
    [['channel', 'frob'], ['channel'], [], ['frob']],
    [['--json', 'list'], ['list'], ['--json'], []],
    [['--as', 'list', 'send', 'ops'], ['send'], ['--as', 'list'], ['ops']],
    [['--store=x', '-q', 'list'], ['list'], ['--store=x', '-q'], []],
    [['channel', '--json', 'list', '-n', '1'], ['channel', 'list'], ['--json'], ['-n', '1']],
    [['--as', 'bob'], [], ['--as', 'bob'], []],
    [['--as'], [], ['--as'], []],
    [['--frob', 'list'], [], [], ['--frob', 'list']],
    [['frob', 'list'], [], [], ['frob', 'list']],
    [['constructor'], [], [], ['constructor']],
  ]
  test.each(cases)('%j', (given, name, globals, rest) =>
    expect(splitCall(given, (id) => ids.has(id))).toEqual({name, globals, rest}),
  )
})
