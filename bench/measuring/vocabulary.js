/** Words as a language has them: few often, many seldom; the same in every run. */

const SYLLABLES = [...'bcdfghklmnprstvw'].flatMap((consonant) => [...'aeiou'].map((vowel) => consonant + vowel))
const WORDS = 8_000

/** Numbers below 1 that are the same in every run of a seed. */
export function dice(seed) {
  let state = seed >>> 0
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return state / 2 ** 32
  }
}

/** @returns {string[]} words of two to four syllables, the most frequent first */
export function vocabulary() {
  const roll = dice(7)
  const words = new Set()
  while (words.size < WORDS)
    words.add(
      Array.from({length: 2 + Math.floor(roll() * 3)}, () => SYLLABLES[Math.floor(roll() * SYLLABLES.length)]).join(''),
    )
  return [...words]
}

/** One of words: how often it comes falls with its place, as Zipf saw it. */
export const wordOf = (words, roll) => words[Math.floor(words.length ** roll()) - 1]
