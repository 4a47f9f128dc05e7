/** An export in one of its formats: what is written for its parts. */
import type {ExportPart} from '../../../bus/transfer/export.js'
import {exactJson, recordJson} from '../../../model/transfer.js'

/** Text for each part; what comes first and last goes with the first and the last. */
export interface Document {
  part(part: ExportPart): string
  /** Whether it is JSON: then a terminal gets what it would obey as JSON's own escapes. */
  isJson: boolean
}

/** A record a line: what `import` reads. */
export const jsonLines = (): Document => ({
  isJson: true,
  part: (part) => {
    if ('record' in part) return `${recordJson(part.record)}\n`
    let text = ''
    for (const message of part.messages) text += `${exactJson(message)}\n`
    return text
  },
})
