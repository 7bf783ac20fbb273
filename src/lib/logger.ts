import { pino } from 'pino';

export type Logger = Pick<pino.Logger, 'debug' | 'info' | 'warn' | 'error' | 'child'>;

const SECRETS = ['token', 'secret', 'authorization', 'password', 'apiKey', 'key'].flatMap((key) => [
  key,
  `*.${key}`,
]);

/** JSON lines on stderr; stdout belongs to the ready line and to command output. */
export function createLogger(level: string): Logger {
  return pino({ level, redact: { paths: SECRETS, censor: '[redacted]' } }, pino.destination(2));
}

export const silentLogger: Logger = pino({ level: 'silent' });
