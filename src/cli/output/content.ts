/** The content of a message as people see it: on one line, or as a block. Of what is huge only the beginning is looked at. */
import {bodySize, isJsonType} from '../../model/content.js'
import {minifyJson} from '../../model/json.js'
import type {Message} from '../../model/message.js'
import {placeName} from '../../model/reference.js'
import {cells, cutTo, roughly, untab, wrap} from './cells.js'
import {firstLine, forTerminal, forTerminalLine, jsonForTerminal} from './escape.js'
import {broken, jsonLines, jsonSpans, painted} from './json.js'
import type {Paint} from './paint.js'
import {sizeText} from './size.js'

/** Content as a person sees it: bytes and what was redacted are described. */
export function shownContent(message: Message): string {
  if (message.redactedAt !== undefined) return `(redacted by ${message.redactedBy})`
  if (typeof message.body === 'string') return message.body
  const {filename} = message.headers ?? {}
  return `(${message.body.byteLength} bytes of ${message.contentType}${filename === undefined ? '' : `, ${filename}`})`
}

const isText = ({body, redactedAt}: Message): boolean => typeof body === 'string' && redactedAt === undefined
const isJson = (message: Message): boolean => isText(message) && isJsonType(message.contentType)

/** Characters that one line is made from. */
const LOOKED = 4096

/** One line that says what is in a message: its first line, of JSON all of it. Not escaped; to be cut. */
export function summaryOf(message: Message): string {
  const text = shownContent(message)
  const start = text.slice(0, LOOKED).toWellFormed()
  if (isJson(message)) return minifyJson(start)
  const line = firstLine(start)
  const isAll = text.length <= LOOKED && start.trim() === line.trim()
  return isAll || line === '' ? line : `${line} …`
}

/** `summaryOf`, for a place of so many cells. */
export const summaryLine = (message: Message, width: number, paint: Paint): string =>
  paintSummary(cutTo(forTerminalLine(roughly(summaryOf(message), width)), width), paint, message)

/** Colours the summary of a message, cut or not. */
export function paintSummary(line: string, paint: Paint, message: Message): string {
  if (isJson(message)) return painted(jsonSpans(line), paint)
  return isText(message) ? line : paint.dim(line)
}

/** All of the content on one line, where it is one and has the room. */
export function wholeLine(message: Message, room: number, paint: Paint): string | undefined {
  const text = shownContent(message)
  if (isJson(message)) {
    const json = text.length > LOOKED ? undefined : jsonForTerminal(minifyJson(text))
    return json === undefined || cells(json) > room ? undefined : painted(jsonSpans(json), paint)
  }
  if (text.length > LOOKED) return undefined
  const line = text.replace(/\r?\n$/, '')
  const safe = line.includes('\n') ? undefined : untab(forTerminal(line))
  if (safe === undefined || cells(safe) > room) return undefined
  return isText(message) ? safe : paint.dim(safe)
}

/** What a block in a list has at most. */
const MOST = {lines: 100, characters: 10_000}

/** The content as lines of so many cells at most; of what is long the beginning, and how one sees the rest. */
export function contentBlock(message: Message, width: number, paint: Paint): string[] {
  const text = shownContent(message)
  const isLong = text.length > MOST.characters
  const lines: string[] = []
  for (const line of linesOf(message, isLong ? text.slice(0, MOST.characters) : text, width, paint, !isLong)) {
    if (lines.length === MOST.lines) return [...lines, rest(message, width, paint)]
    lines.push(line)
  }
  return isLong ? [...lines, rest(message, width, paint)] : lines
}

const rest = (message: Message, width: number, paint: Paint): string =>
  paint.dim(cutTo(`… ${sizeText(bodySize(message.body))} in all: leat show ${placeName(message)}`, width))

function* linesOf(message: Message, text: string, width: number, paint: Paint, whole: boolean): Generator<string> {
  if (whole && isJson(message)) {
    for (const line of jsonLines(jsonForTerminal(minifyJson(text)), width))
      for (const part of broken(line, width)) yield painted(part, paint)
    return
  }
  for (const line of text
    .toWellFormed()
    .replace(/\r?\n$/, '')
    .split(/\r?\n/))
    for (const part of wrap(untab(forTerminal(line)), width)) yield isText(message) ? part : paint.dim(part)
}

/** All of the content, unbroken: a terminal's own lines can be copied. JSON is laid out. */
export function* wholeContent(message: Message, width: number, paint: Paint): Generator<string> {
  const text = shownContent(message)
  if (isJson(message))
    for (const line of jsonLines(jsonForTerminal(minifyJson(text)), width)) yield painted(line, paint)
  else yield isText(message) ? forTerminal(text.replace(/\n$/, '')) : paint.dim(forTerminal(text))
}
