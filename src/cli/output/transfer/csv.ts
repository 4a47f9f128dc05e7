/** Messages as a table: a row each (RFC 4180, with \n). Everything else of an export is left out. */
import {stringify} from 'csv-stringify/sync'
import {AFTER_CONTENT, BEFORE_CONTENT, type Message} from '../../../model/message.js'
import type {Document} from './document.js'

const FIELDS = [...BEFORE_CONTENT, 'content', 'contentBase64', ...AFTER_CONTENT] as const

type Field = (typeof FIELDS)[number]

/** Content is exact: JSON is its text, bytes are base64 in a column of their own. References are ids with a space between, headers JSON. */
export function csv(): Document {
  let isFirst = true
  return {
    isJson: false,
    part: (part) => {
      const head = isFirst ? stringify([[...FIELDS]]) : ''
      isFirst = false
      return 'messages' in part ? head + stringify(part.messages.map(row)) : head
    },
  }
}

const row = (message: Message): string[] => FIELDS.map((field) => cell(message, field))

function cell(message: Message, field: Field): string {
  switch (field) {
    case 'content':
      return typeof message.body === 'string' ? message.body : ''
    case 'references':
      return message.references?.join(' ') ?? ''
    case 'headers':
      return message.headers === undefined ? '' : JSON.stringify(message.headers)
    default:
      return String(message[field] ?? '')
  }
}
