import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Encrypts a secret for the store: AES-256-GCM with a fresh nonce, `v1.<nonce>.<tag>.<ciphertext>` in base64url.
 * `purpose` is bound to it, so that a sealed value moved to another row or column does not open.
 * @param key 32 bytes.
 */
export function seal(secret: string, key: Buffer, purpose: string): string {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(purpose));
  const sealed = Buffer.concat([cipher.update(secret, 'utf8'), cipher.final()]);
  return ['v1', ...[nonce, cipher.getAuthTag(), sealed].map((part) => part.toString('base64url'))].join('.');
}

/** The secret again; null when the key or the purpose is another, or the value was changed. */
export function unseal(sealed: string, key: Buffer, purpose: string): string | null {
  const [version, nonce, tag, text] = sealed.split('.').map((part, n) => (n === 0 ? part : decode(part)));
  if (version !== 'v1' || !isBytes(nonce) || !isBytes(tag) || !isBytes(text)) return null;
  if (nonce.length !== NONCE_BYTES || tag.length !== TAG_BYTES) return null;
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(purpose)).setAuthTag(tag);
    return Buffer.concat([decipher.update(text), decipher.final()]).toString('utf8');
  } catch {
    return null;
  }
}

function decode(part: string): Buffer {
  return Buffer.from(part, 'base64url');
}

function isBytes(part: unknown): part is Buffer {
  return Buffer.isBuffer(part);
}
