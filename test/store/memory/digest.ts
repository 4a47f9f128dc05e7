import {createHash} from 'node:crypto'
import type {Body} from '../../../src/model/content.js'

/** Equal for equal content of equal type. */
export const digestOf = ({body, contentType}: {body: Body; contentType: string}): string =>
  createHash('sha256')
    .update(`${typeof body} ${contentType}\n`)
    .update(body)
    .digest('hex')
