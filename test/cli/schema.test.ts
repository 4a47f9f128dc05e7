import {writeFileSync} from 'node:fs'
import {join} from 'node:path'
import {expect, test} from 'vitest'
import {world} from './leat.js'

const DEPLOY = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  type: 'object',
  required: ['host', 'level'],
  properties: {
    host: {type: 'string'},
    level: {enum: ['info', 'error']},
    tags: {type: 'array', prefixItems: [{type: 'string'}], items: false},
  },
  additionalProperties: false,
}

async function withSchema(schema: unknown = DEPLOY) {
  const made = world()
  const file = join(made.dir, 'schema.json')
  writeFileSync(file, JSON.stringify(schema))
  await made.leat`channel create deploys --schema ${file}`
  return {...made, file}
}

test('a channel with a schema takes JSON that fits, without -J', async () => {
  const {leat} = await withSchema()
  const body = '{"host": "db1", "level": "info", "tags": ["a"]}'
  expect((await leat`send deploys -m ${body} --json`).json().sent).toEqual([{channel: 'deploys', seq: 1}])
  expect((await leat({stdin: body})`send deploys`).code).toBe(0)
  expect((await leat`read deploys --json`).jsonLines()).toMatchObject([
    {contentType: 'application/json', content: {host: 'db1', level: 'info', tags: ['a']}},
    {contentType: 'application/json'},
  ])
})

test('every violation is told with its pointer, and nothing is stored', async () => {
  const {leat} = await withSchema()
  const body = '{"level": "panic", "tags": [1, 2], "more/over~": true}'
  const refused = await leat`send deploys -m ${body} --json`
  expect([refused.code, refused.stdout]).toEqual([2, ''])
  const error = refused.error()
  expect(error).toMatchObject({
    code: 'SCHEMA',
    message: 'the content does not fit the schema of deploys: 5 violations',
    hint: 'leat channel show deploys',
  })
  expect(error.violations?.map(({pointer}) => pointer).sort()).toEqual(['', '', '/level', '/tags', '/tags/0'])
  expect(error.violations).toContainEqual({
    pointer: '/level',
    message: 'must be equal to one of the allowed values: ["info","error"]',
  })
  expect(error.violations).toContainEqual({pointer: '', message: "must have required property 'host'"})
  expect(error.violations).toContainEqual({pointer: '', message: 'must NOT have additional properties: "more/over~"'})
  const plain = await leat`send deploys -m ${body}`
  expect(plain.stderr.split('\n')[0]).toBe(
    'leat: the content does not fit the schema of deploys: 5 violations (leat channel show deploys)',
  )
  expect(plain.stderr).toContain('\n  /tags/0: must be string\n')
  expect((await leat`log deploys`).stdout).toBe('')
})

test('text, bytes and broken JSON do not fit a schema', async () => {
  const {leat} = await withSchema()
  expect((await leat`send deploys -m ${'{"level":'} --json`).error().code).toBe('INVALID')
  const text = await leat`send deploys hello --content-type text/plain --json`
  expect([text.code, text.error()]).toMatchObject([
    2,
    {code: 'SCHEMA', violations: [{pointer: '', message: 'must be application/json, not text/plain'}]},
  ])
  const bytes = await leat({stdin: Buffer.from([0xff, 0])})`send deploys --content-type image/png --json`
  expect([bytes.code, bytes.error().code]).toEqual([2, 'SCHEMA'])
  expect((await leat`log deploys`).stdout).toBe('')
})

test('of several channels, one whose schema does not fit keeps the message from all', async () => {
  const {leat} = await withSchema()
  await leat`channel create ops`
  const refused = await leat`send ops,deploys -m ${'{"level":"info"}'} -J --json`
  expect([refused.code, refused.error().code]).toEqual([2, 'SCHEMA'])
  expect((await leat`log`).stdout).toBe('')
})

test('a reply has to fit too, and bulk lines are refused one by one', async () => {
  const {leat} = await withSchema()
  const good = '{"host":"a","level":"info"}'
  const id = (await leat`send deploys -m ${good}`).stdout.trim()
  expect((await leat`reply ${id} -m ${'{"host":1}'}`).code).toBe(2)
  const bulk = await leat({stdin: `${good}\n{"host":"b"}\n${good}\n`})`send deploys --lines --on-error skip --json`
  expect(bulk.code).toBe(7)
  expect(bulk.json()).toEqual({
    stored: 2,
    failed: 1,
    errors: [{line: 2, code: 'SCHEMA', message: expect.stringContaining('deploys')}],
  })
})

test('channel update --schema --check reports what would not fit, and changes nothing', async () => {
  const {leat, dir} = world()
  await leat`channel create ops`
  await leat`send ops plain`
  await leat`send ops -J -m ${'{"host":"a","level":"info"}'}`
  const third = (await leat`send ops -J -m ${'{"host":1,"level":"no"}'}`).stdout.trim()
  const file = join(dir, 's.json')
  writeFileSync(file, JSON.stringify(DEPLOY))
  const checked = await leat`channel update ops --schema ${file} --check --json`
  expect(checked.code).toBe(2)
  expect(checked.jsonLines()).toEqual([
    {
      channel: 'ops',
      seq: 1,
      id: expect.any(String),
      violations: [{pointer: '', message: 'must be application/json, not text/plain'}],
    },
    {
      channel: 'ops',
      seq: 3,
      id: third,
      violations: [
        {pointer: '/host', message: 'must be string'},
        {pointer: '/level', message: 'must be equal to one of the allowed values: ["info","error"]'},
      ],
    },
  ])
  expect(checked.error()).toEqual({code: 'SCHEMA', message: '2 stored messages of "ops" would not fit'})
  const plain = await leat`channel update ops --schema ${file} --check`
  expect(plain.lines()[1]).toBe(
    `ops/3\t${third}\t/host: must be string; /level: must be equal to one of the allowed values: ["info","error"]`,
  )
  expect((await leat`channel show ops --json`).json()).not.toHaveProperty('schema')
  await leat`channel prune ops --keep 1 --yes`
  await leat`channel update ops --schema ${file}`
  expect((await leat`channel show ops --json`).json().schema).toBe(JSON.stringify(DEPLOY))
  const object = join(dir, 'object.json')
  writeFileSync(object, '{"type":"object"}')
  expect(await leat`channel update ops --schema ${object} --check`).toMatchObject({
    code: 0,
    stdout: '',
    stderr: 'all stored messages of ops fit\n',
  })
  expect((await leat`channel update ops --check`).code).toBe(2)
  writeFileSync(object, '{"type":"objekt"}')
  expect((await leat`channel update ops --schema ${object} --check --json`).error().code).toBe('INVALID')
  expect((await leat`channel update ops --schema '' --json`).json()).not.toHaveProperty('schema')
  expect((await leat`send ops text`).code).toBe(0)
})

test('the schema comes out as it went in', async () => {
  const {leat, dir} = world()
  const file = join(dir, 'number.json')
  const source = '{\n  "type": "number",\n  "maximum": 12345678901234567890\n}\n'
  writeFileSync(file, source)
  await leat`channel create n --schema ${file}`
  expect((await leat`channel show n --json`).json().schema).toBe(source)
  expect((await leat`send n -m 1e400 --json`).code).toBe(2)
  expect((await leat`send n -m 1e3`).code).toBe(0)
})
