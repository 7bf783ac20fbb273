/** "Oct 3, 2026" in a time zone. */
export function dayWords(at: number, tz: string): string {
  return new Intl.DateTimeFormat('en-US', {
    timeZone: tz,
    month: 'short',
    day: 'numeric',
    year: 'numeric',
  }).format(at);
}
