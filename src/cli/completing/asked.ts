/** The first word by which the scripts of `leat completion` ask: `leat --complete SHELL …`. */
export const ASK_COMPLETION = '--complete'
