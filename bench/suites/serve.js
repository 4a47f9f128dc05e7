/** What the doors of `leat serve` take and give. */
import {posts} from './serve-posts.js'
import {streams} from './serve-streams.js'

export async function measure(options) {
  const given = await posts(options)
  const taken = await streams(options)
  return {settings: {...given.settings, ...taken.settings}, rows: [...given.rows, ...taken.rows]}
}
