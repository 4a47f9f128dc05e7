import {bytes, spelled, type Table} from './table.js'

const ESCAPES = '"\\/bfnrtu'

/** C0 has to be escaped in a string; DEL, C1 and U+2028 needn't. */
const CONTROLS: Table = Object.fromEntries(
  Array.from({length: 0x20}, (_, code) => [
    `n_string_raw_control_${code.toString(16).padStart(2, '0')}`,
    `["a${String.fromCharCode(code)}b"]`,
  ]),
)

/** A backslash in front of what it doesn't escape. */
const NO_ESCAPES: Table = Object.fromEntries(
  [..."acdeghijklmopqsvwxyzABFNRTU0123456789'`-?!# \u00e9"]
    .filter((char) => !ESCAPES.includes(char))
    .map((char) => [`n_string_escape_${spelled(char)}`, `["\\${char}"]`]),
)

const strings = (kind: string, named: Readonly<Record<string, string>>): Table =>
  Object.fromEntries(Object.entries(named).map(([name, text]) => [`${kind}_string_${name}`, `["${text}"]`]))

export const STRINGS: Table = {
  ...strings('y', {
    empty: '',
    escapes: '\\"\\\\\\/\\b\\f\\n\\r\\t',
    u_escape: '\\u0061\\u30af\\u30EA\\u30b9',
    u_escape_of_a_control: '\\u0012\\u001f\\u007f\\u0080\\u009b',
    u_escape_of_nul: 'a\\u0000b',
    u_escape_of_a_quote: '\\u0022\\u005C',
    u_escape_of_a_pair: '\\ud83d\\ude39\\uD834\\uDD1E',
    u_escape_of_no_character: '\\uFFFF\\uFDD0\\ud83f\\udffe',
    backslash_and_u: '\\\\u0061',
    two_backslashes_and_n: '\\\\n',
    backslashes_at_the_end: 'a\\\\\\\\',
    quote_at_the_end: 'a\\\\\\"',
    del: 'a\x7fb',
    c1: 'a\x85\x9bb',
    line_separators: '\u2028\u2029',
    byte_order_mark_inside: '\ufeff',
    bidi: '\u202eabc\u2066',
    no_characters: '\uffff\ufdd0\u{10fffe}',
    two_bytes: '\u00e9\u00df',
    three_bytes: '\u20ac\u65e5\u672c',
    four_bytes: '\u{1f600}\u{10ffff}',
    combining: `a${'\u0301'.repeat(1000)}`,
    brackets: '[{]}],:"'.replaceAll('"', '\\"'),
    comments: '/* a */ // b # c',
    spaces: ' \u00a0\u3000 ',
    looks_like_a_number: '1e400',
    of_a_terminal: '\\u001b[31m\\u001b]0;x\\u0007',
    of_100000_characters: 'x'.repeat(100_000),
  }),
  y_string_alone: '"x"',
  y_string_alone_empty: '""',
  y_string_with_space_around: ' "x" ',
  y_string_as_key: '{"\\u0000\\"\\\\":"\\ud83d\\ude39"}',

  // A half of a pair as an escape is text of JSON, though no text of Unicode.
  ...strings('i', {
    surrogate_high_alone: '\\ud800',
    surrogate_low_alone: '\\udc00',
    surrogates_turned_around: '\\udd1e\\ud834',
    surrogate_two_high: '\\uD800\\uD800',
    surrogate_high_and_a_letter: '\\ud800abc',
    surrogate_high_and_an_escape: '\\ud800\\n',
    surrogate_high_and_a_half_escape_of_u: '\\uD800\\\\u',
  }),
  i_string_surrogate_as_key: '{"\\ud800":1}',

  // Bytes that are not UTF-8.
  i_string_utf8_lone_continuation: bytes('["\x80"]'),
  i_string_utf8_lone_start: bytes('["\xc3"]'),
  i_string_utf8_latin1: bytes('["caf\xe9"]'),
  i_string_utf8_cut_off: bytes('["\xe2\x82"]'),
  i_string_utf8_overlong_slash: bytes('["\xc0\xaf"]'),
  i_string_utf8_overlong_3: bytes('["\xe0\x80\xaf"]'),
  i_string_utf8_overlong_4: bytes('["\xf0\x80\x80\xaf"]'),
  i_string_utf8_overlong_nul: bytes('["\xc0\x80"]'),
  i_string_utf8_overlong_6: bytes('["\xfc\x83\xbf\xbf\xbf\xbf"]'),
  i_string_utf8_surrogate: bytes('["\xed\xa0\x80"]'),
  i_string_utf8_surrogate_pair: bytes('["\xed\xa0\xbd\xed\xb8\x80"]'),
  i_string_utf8_past_the_last: bytes('["\xf4\x90\x80\x80"]'),
  i_string_utf8_ff: bytes('["\xff"]'),
  i_string_utf8_fe: bytes('["\xfe\xfe\xff\xff"]'),
  i_string_utf8_in_a_key: bytes('{"\xe9":1}'),
  i_string_utf16_le: Buffer.from('["\u00e9"]', 'utf16le'),
  i_string_utf16_le_with_mark: Buffer.from('\ufeff["\u00e9"]', 'utf16le'),
  i_string_utf16_be: Buffer.from('["\u00e9"]', 'utf16le').swap16(),
  i_string_utf16_be_with_mark: Buffer.from('\ufeff["\u00e9"]', 'utf16le').swap16(),

  ...CONTROLS,
  ...NO_ESCAPES,
  ...strings('n', {
    u_without_digits: '\\u',
    u_with_1_digit: '\\u1',
    u_with_2_digits: '\\u12',
    u_with_3_digits: '\\u123',
    u_with_a_letter: '\\u00g1',
    u_with_a_sign: '\\u+041',
    u_with_a_space: '\\u 041',
    u_in_braces: '\\u{41}',
    u_capital: '\\U0041',
    u_of_half_a_pair: '\\ud83d\\u',
    u_of_half_a_pair_and_1_digit: '\\ud83d\\u1',
    u_of_half_a_pair_and_x: '\\ud83d\\ux',
    x_escape: '\\x41',
    octal: '\\101',
    escaped_newline: 'a\\\nb',
    escaped_emoji: '\\\u{1f300}',
    ending_in_a_backslash: 'a\\',
    two_open: 'a"b',
  }),
  n_string_escape_of_a_byte: bytes('["\\\xe5"]'),
  n_string_u_with_a_byte: bytes('["\\u\xe5"]'),
  n_string_single_quotes: "['a']",
  n_string_back_quotes: '[`a`]',
  n_string_curly_quotes: '[\u201ca\u201d]',
  n_string_without_quotes: '[a]',
  n_string_only_a_quote: '"',
  n_string_not_closed: '["a',
  n_string_closed_by_another: '["a\']',
  n_string_behind_a_string: '"a" "b"',
  n_string_joined: '["a" "b"]',
  n_string_plus: '["a"+"b"]',
  n_string_letter_behind: '["a"x]',
  n_string_byte_order_mark_behind: '["a"\ufeff]',
  n_string_tripled: '["""a"""]',
  n_string_prefixed: '[u"a"]',
}
