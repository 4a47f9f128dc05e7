import {describe, expect, test} from 'vitest'
import {world} from './leat.js'

const LINES = [
  {content: {level: 'info', n: 1}},
  {content: {level: 'error', n: 2, items: [{price: 3}]}},
  {content: '{"level":"error"}'},
  {content: {level: 'error', n: 4}},
]

async function filled() {
  const made = world()
  await made.leat`channel create ops`
  await made.leat({stdin: LINES.map((line) => JSON.stringify(line)).join('\n')})`send ops --jsonl`
  return made
}

describe('--where', () => {
  test('log gives the messages whose JSON fulfils all conditions', async () => {
    const {leat} = await filled()
    const seqs = async (...conditions: string[]) =>
      (await leat`log ops --json ${conditions.flatMap((one) => ['--where', one])}`).jsonLines().map(({seq}) => seq)
    expect(await seqs('level=error')).toEqual([2, 4])
    expect(await seqs('level=error', 'n>2')).toEqual([4])
    expect(await seqs('items[?price > `2`]')).toEqual([2])
    expect(await seqs("level == 'error' && n < `4`")).toEqual([2])
    expect((await leat`log ops --json --where level=error -n 1`).jsonLines()).toMatchObject([{seq: 4}])
  })

  test('follow goes by it too, from a cursor as well', async () => {
    const {leat} = await filled()
    const followed = await leat`follow ops --from start --count 2 --where level=error --json`
    expect(followed.jsonLines().map(({seq}) => seq)).toEqual([2, 4])
    const held = await leat`follow ops --from cursor --reader r --count 1 --where n>1 --json`
    expect(held.jsonLines().map(({seq}) => seq)).toEqual([2])
  })

  test('what is no condition is refused with the place, before anything is printed', async () => {
    const {leat} = await filled()
    const refused = await leat`log ops --where ${'level ## error'} --json`
    expect([refused.code, refused.stdout, refused.error().code]).toEqual([2, '', 'INVALID'])
    expect(refused.error().message).toContain('at character 7')
    expect(refused.error().hint).toContain('level=error')
    const following = await leat`follow ops --where ${'a=1 && b=2'}`
    expect([following.code, following.stdout]).toEqual([2, ''])
    expect(following.stderr).toContain('give --where several times')
  })
})
