/** What the doors of `leat serve` take and give. */
import {posts} from './serve-posts.js'

export const measure = (options) => posts(options)
