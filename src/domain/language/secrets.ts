/**
 * Credentials that people paste and customers send by mistake. They are taken out before anything is stored,
 * worded or given to a model, because none of those can be made to forget.
 */

export const SECRET_REMOVED = '[secret removed]';

/** Each issuer's own documented form; the context is what keeps ordinary words and ids from looking like one. */
const FORMS: readonly RegExp[] = [
  // Stripe, Slack, OpenAI and those who copied them, GitHub, AWS, Google.
  /\b(?:sk|rk)_(?:live|test)_[A-Za-z0-9]{8,}|\bwhsec_[A-Za-z0-9+/=]{8,}/g,
  /\bxox[a-z]-[A-Za-z0-9-]{8,}|\bxapp-\d-[A-Za-z0-9-]{8,}|\bhooks\.slack\.com\/services\/[A-Za-z0-9/]+/g,
  /\bsk-[A-Za-z0-9_-]{16,}/g,
  /\bgh[pousr]_[A-Za-z0-9]{20,}|\bgithub_pat_[A-Za-z0-9_]{20,}/g,
  /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b|\bAIza[A-Za-z0-9_-]{30,}/g,
  // JSON web tokens (RFC 7519): two base64url objects and a signature.
  /\beyJ[A-Za-z0-9_-]{8,}\.eyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]+/g,
  // Private keys (RFC 7468), whole or cut off.
  /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g,
];

const IN_A_URL = /\b([a-z][a-z0-9+.-]*:\/\/)[^\s/:@"]+:[^\s/@"]+@/gi;
const NAMED =
  /\b((?:password|passwd|passphrase|api[ _-]?key|secret[ _-]?key)\s*(?:is|:|=)\s*)([^\s"'\\,;]{6,})/gi;
const CARD = /(?<![\d.-])[3-6]\d{3}[ -]?(?:\d{4}[ -]?\d{4}[ -]?\d{4}|\d{6}[ -]?\d{5})(?![\d.-])/g;

/** The text without credentials and card numbers; of a card its last four digits stay. Stable when repeated. */
export function maskSecrets(text: string): string {
  let masked = text.replace(IN_A_URL, `$1${SECRET_REMOVED}@`);
  for (const form of FORMS) masked = masked.replace(form, SECRET_REMOVED);
  masked = masked.replace(NAMED, (_, name: string) => `${name}${SECRET_REMOVED}`);
  return masked.replace(CARD, (digits) => {
    const bare = digits.replace(/\D/g, '');
    return isCard(bare) ? `[card ending ${bare.slice(-4)}]` : digits;
  });
}

/** The check digit of payment cards (ISO/IEC 7812-1, Luhn). */
function isCard(digits: string): boolean {
  let sum = 0;
  for (const [index, digit] of [...digits].reverse().entries()) {
    const value = Number(digit) * (index % 2 === 1 ? 2 : 1);
    sum += value > 9 ? value - 9 : value;
  }
  return sum % 10 === 0;
}
