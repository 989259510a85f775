/** Numbers that are typed into short fields. Pure. */

/** A typed number, cut to its bounds; null for a text that is none. The decimal sign is a point or a comma. */
export function typedNumber(text: string, least: number, most: number): number | null {
  return within(Number(text.replace(",", ".")), least, most);
}

/** A typed whole number, cut to its bounds; null for a text that is no number. */
export function typedWhole(text: string, least: number, most: number): number | null {
  return within(Math.round(Number(text)), least, most);
}

function within(value: number, least: number, most: number): number | null {
  return Number.isFinite(value) ? Math.min(most, Math.max(least, value)) : null;
}
