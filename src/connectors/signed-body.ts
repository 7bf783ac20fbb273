import { createHmac, timingSafeEqual } from 'node:crypto';
import { UserError } from '../lib/errors.ts';

const TOLERANCE_MS = 5 * 60_000;
const HEADER = /^t=(\d{1,12}),v1=([0-9a-f]{64})$/i;

/**
 * `t=<unix seconds>,v1=<hex HMAC-SHA256 of "t.body">`, no older than five minutes.
 * @throws UserError `not_allowed`.
 */
export function checkSignedBody(
  body: Buffer,
  header: string | undefined,
  secret: string,
  nowAt: number,
): void {
  const match = HEADER.exec(header ?? '');
  const [seconds, given] = [match?.[1], match?.[2]];
  if (seconds === undefined || given === undefined) refuse();
  const expected = createHmac('sha256', secret).update(`${seconds}.`).update(body).digest();
  if (!timingSafeEqual(expected, Buffer.from(given, 'hex'))) refuse();
  if (Math.abs(nowAt - Number(seconds) * 1000) > TOLERANCE_MS) refuse();
}

function refuse(): never {
  throw new UserError('not_allowed', 'The signature does not match.');
}
