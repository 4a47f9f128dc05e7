const UNITS = ['KiB', 'MiB', 'GiB', 'TiB']

/** Bytes for people: `812 bytes`, `1.4 MiB`. */
export function sizeText(bytes: number): string {
  if (bytes < 1024) return `${bytes} bytes`
  let [value, unit] = [bytes / 1024, 0]
  for (; value >= 1023.95 && unit < UNITS.length - 1; unit++) value /= 1024
  return `${value.toFixed(1)} ${UNITS[unit]}`
}
