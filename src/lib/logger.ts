import { pino } from 'pino';

export type Logger = Pick<pino.Logger, 'debug' | 'info' | 'warn' | 'error' | 'child'>;

const SECRETS = ['token', 'secret', 'authorization', 'password', 'apiKey', 'key'].flatMap((key) => [
  key,
  `*.${key}`,
]);

/**
 * JSON lines on stderr; stdout belongs to the ready line and to command output. Each line goes through `mask`,
 * whatever field or message a credential stands in.
 */
export function createLogger(level: string, mask: (line: string) => string): Logger {
  const out = pino.destination(2);
  const stream = { write: (line: string) => void out.write(mask(line)) };
  return pino({ level, redact: { paths: SECRETS, censor: '[redacted]' } }, stream);
}

export const silentLogger: Logger = pino({ level: 'silent' });
