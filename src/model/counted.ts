/** How many in a sentence: `1 message`, `12 messages`. */
export const counted = (count: number, one: string): string => `${count} ${one}${count === 1 ? '' : 's'}`
