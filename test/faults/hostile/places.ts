/** The places of a message in which a sender's text stands. */

export type Fields = Readonly<Record<string, unknown>>

export interface Place {
  name: string
  /** The message with the text in this place. */
  put(text: string): Fields
  /** What stands there in a message that was stored. */
  read(message: Fields): unknown
  /** Whether it has to be taken, by a rule of the test's own; where it is left out, all doors have to agree. */
  takes?(text: string): boolean
}

const CONTROL = /[\u0000-\u001f\u007f-\u009f]/
const isName = (text: string): boolean => /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/.test(text) && !text.includes('..')
const isText = (text: string): boolean => text.isWellFormed() && !text.includes('\0')
const isLabel = (text: string): boolean =>
  text.isWellFormed() && !CONTROL.test(text) && text.length > 0 && [...text].length <= 256
const isHeader = (text: string): boolean => text.isWellFormed() && !CONTROL.test(text.replaceAll('\t', ''))

const field = (name: string, takes?: Place['takes']): Place => ({
  name,
  put: (text) => ({content: 'x', [name]: text}),
  read: (message) => message[name],
  ...(takes && {takes}),
})

export const PLACES: readonly Place[] = [
  {name: 'content', put: (content) => ({content}), read: ({content}) => content, takes: isText},
  {
    name: 'content in JSON',
    put: (text) => ({content: {[text]: [text]}}),
    read: ({content}) =>
      Object.entries(content as object)[0]
        ?.flat(2)
        .join('\n\n'),
    takes: () => true,
  },
  field('type', (text) => isLabel(text) && !/\s/.test(text)),
  {
    name: 'header value',
    put: (text) => ({content: 'x', headers: {subject: text}}),
    read: ({headers}) => (headers as Fields)['subject'],
    takes: isHeader,
  },
  {
    name: 'header name',
    put: (text) => ({content: 'x', headers: {[text]: 'v'}}),
    read: ({headers}) => Object.keys(headers as object)[0],
  },
  field('correlationId', isLabel),
  field('key', isLabel),
  field('conversation', isName),
  field('recipient', isName),
  field('replyChannel', isName),
  field('contentType'),
  field('id', () => false),
  field('expiresAt', () => false),
  field('replyTo'),
  {name: 'reference', put: (text) => ({content: 'x', references: [text]}), read: ({references}) => references},
]

/** A place of a record alone: a send names what it answers in other ways too. */
export const NOT_IN_RECORDS: readonly string[] = ['replyTo', 'reference', 'id']
