/** "maria.lopez@psizero.dev" as a name: "Maria Lopez". */
export function personOf(email: string): string {
  const words = (email.split('@')[0] ?? '').replace(/[._-]+/g, ' ').trim();
  return words.replace(/\b\p{L}/gu, (letter) => letter.toUpperCase());
}
