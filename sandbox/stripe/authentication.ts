import { createHash, timingSafeEqual } from 'node:crypto';
import { StripeFault } from './errors.ts';

/** Accepts the secret key as a bearer token or as the user name of basic authentication; throws StripeFault 401. */
export function authenticate(header: string | undefined, secretKey: string): void {
  const given = keyIn(header);
  if (given === null)
    throw new StripeFault(
      401,
      'invalid_request_error',
      "You did not provide an API key. You need to provide your API key in the Authorization header, using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY'). See https://stripe.com/docs/api#authentication for details, or we can help at https://support.stripe.com/.",
    );
  if (!same(given, secretKey))
    throw new StripeFault(401, 'invalid_request_error', `Invalid API Key provided: ${masked(given)}`);
}

function keyIn(header: string | undefined): string | null {
  const [scheme, value] = (header ?? '').split(' ', 2);
  if (!value) return null;
  if (scheme?.toLowerCase() === 'bearer') return value;
  if (scheme?.toLowerCase() !== 'basic') return null;
  return Buffer.from(value, 'base64').toString('utf8').split(':', 1)[0] || null;
}

function same(a: string, b: string): boolean {
  const digest = (value: string) => createHash('sha256').update(value).digest();
  return timingSafeEqual(digest(a), digest(b));
}

function masked(key: string): string {
  return key.length <= 12
    ? '*'.repeat(key.length)
    : `${key.slice(0, 8)}${'*'.repeat(key.length - 12)}${key.slice(-4)}`;
}
