import { readFileSync } from 'node:fs';
import type { ConnectionOptions } from 'node:tls';
import { checkServerIdentity } from 'node:tls';
import { ConfigError } from '../../lib/errors.ts';

const MODES = ['disable', 'require', 'verify-ca', 'verify-full'] as const;
type SslMode = (typeof MODES)[number];

export interface PostgresAddress {
  host: string;
  port: number;
  user: string;
  password: string;
  database: string;
  ssl: false | ConnectionOptions;
  schema: string;
}

/**
 * Reads `postgres://user:password@host:port/database?sslmode=...&sslrootcert=FILE`. The modes are those of libpq
 * (https://www.postgresql.org/docs/current/libpq-ssl.html): `require` encrypts and believes whoever answers,
 * `verify-ca` checks who signed the certificate, `verify-full` its name too. Off this machine and without a mode
 * it is `verify-full`: a connection that nobody checks must be asked for.
 * @throws ConfigError naming what is wrong, never the password.
 */
export function readAddress(address: string, variable: string): PostgresAddress {
  const url = URL.canParse(address) ? new URL(address) : null;
  if (url === null || !/^postgres(ql)?:$/.test(url.protocol))
    throw new ConfigError(
      `${variable} must be a full address such as postgres://user:password@host:5432/name.`,
    );
  const { searchParams } = url;
  const host = url.hostname.replace(/^\[|\]$/g, '') || 'localhost';
  const given = searchParams.get('sslmode');
  const mode = MODES.find((candidate) => candidate === (given ?? defaultMode(host)));
  if (mode === undefined)
    throw new ConfigError(`${variable} has sslmode=${given}. Use one of ${MODES.join(', ')}.`);
  return {
    host,
    port: Number(url.port || '5432'),
    user: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
    database: decodeURIComponent(url.pathname.slice(1)) || 'postgres',
    ssl: sslOf(mode, host, searchParams.get('sslrootcert'), variable),
    schema: searchParams.get('schema') ?? 'public',
  };
}

function defaultMode(host: string): SslMode {
  return host === 'localhost' || host === '::1' || /^127\./.test(host) ? 'disable' : 'verify-full';
}

function sslOf(mode: SslMode, host: string, caFile: string | null, variable: string): PostgresAddress['ssl'] {
  if (mode === 'disable') return false;
  if (mode === 'require') return { rejectUnauthorized: false };
  const ca = caFile === null ? {} : { ca: readCa(caFile, variable) };
  return mode === 'verify-full'
    ? {
        ...ca,
        rejectUnauthorized: true,
        checkServerIdentity: (_name, certificate) => checkServerIdentity(host, certificate),
      }
    : { ...ca, rejectUnauthorized: true, checkServerIdentity: () => undefined };
}

function readCa(file: string, variable: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new ConfigError(`${variable} names the file ${file} as sslrootcert, which cannot be read.`, {
      cause,
    });
  }
}
