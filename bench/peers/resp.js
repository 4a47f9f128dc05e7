/** As much of redis' protocol as a measurement needs. */
import {once} from 'node:events'
import {connect} from 'node:net'

/** A command as it goes over the wire. */
export const encoded = (words) =>
  `*${words.length}\r\n${words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('')}`

/**
 * One connection: commands are answered in their order.
 * @returns {Promise<{ask: (...words: string[]) => Promise<unknown>, close: () => void}>}
 */
export async function redisClient(path) {
  const socket = connect(path)
  await once(socket, 'connect')
  const waiting = []
  let text = ''
  socket.setEncoding('latin1').on('data', (chunk) => {
    text += chunk
    for (let read = reply(text, 0); read; read = reply(text, 0)) {
      text = text.slice(read.end)
      const {resolve, reject} = waiting.shift()
      if (read.value instanceof Error) reject(read.value)
      else resolve(read.value)
    }
  })
  return {
    ask: (...words) =>
      new Promise((resolve, reject) => {
        waiting.push({resolve, reject})
        socket.write(encoded(words))
      }),
    close: () => socket.destroy(),
  }
}

/** The reply at a place of a text and where it ends; undefined: it isn't whole yet. */
function reply(text, at) {
  const line = text.indexOf('\r\n', at)
  if (line < 0) return undefined
  const [kind, rest, start] = [text[at], text.slice(at + 1, line), line + 2]
  if (kind === '+') return {value: rest, end: start}
  if (kind === '-') return {value: new Error(rest), end: start}
  if (kind === ':') return {value: Number(rest), end: start}
  const length = Number(rest)
  if (length < 0) return {value: null, end: start}
  if (kind === '$')
    return text.length < start + length + 2
      ? undefined
      : {value: text.slice(start, start + length), end: start + length + 2}
  const values = []
  let end = start
  for (let count = 0; count < length; count++) {
    const one = reply(text, end)
    if (!one) return undefined
    values.push(one.value)
    end = one.end
  }
  return {value: values, end}
}
