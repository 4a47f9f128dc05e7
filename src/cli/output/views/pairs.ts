/** Metadata and settings in one field: `team=platform, tier=1`. */
export const pairsText = (pairs: Readonly<Record<string, string | number>>): string =>
  Object.entries(pairs)
    .map(([name, value]) => `${name}=${value}`)
    .join(', ')
