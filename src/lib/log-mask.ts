/** Shorter values would take ordinary words out of the log with them. */
const SHORTEST_SECRET = 8;

/**
 * Takes every credential of the environment out of a line: variables named as one, and the password in any
 * address. A message of a driver or a vendor's library may carry them where no field says so.
 */
export function createLogMask(env: Readonly<Record<string, string | undefined>>): (line: string) => string {
  const values = Object.entries(env).flatMap(([name, value]) => {
    if (value === undefined) return [];
    const named = /(?:TOKEN|SECRET|KEY|PASSWORD)$/.test(name) ? [value] : [];
    return [...named, ...passwordIn(value)];
  });
  const secrets = [...new Set(values)]
    .filter((value) => value.length >= SHORTEST_SECRET)
    .sort((a, b) => b.length - a.length);
  return (line) => secrets.reduce((masked, secret) => masked.replaceAll(secret, '[redacted]'), line);
}

function passwordIn(value: string): string[] {
  const password = /^[a-z][a-z0-9+.-]*:\/\/[^\s/:@]*:([^\s/@]+)@/i.exec(value)?.[1];
  if (password === undefined) return [];
  try {
    return [password, decodeURIComponent(password)];
  } catch {
    return [password];
  }
}
