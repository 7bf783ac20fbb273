/** The readable parts of a raw RFC 5322 message. */
export interface ParsedMail {
  headers: Record<string, string>;
  subject: string;
  text: string;
  html: string | null;
  attachments: { fileName: string; contentType: string; bytes: Buffer }[];
}

interface Part {
  headers: Map<string, string>;
  body: Buffer;
}

/** Reads headers, the first text and the first HTML part, and what is attached. Never throws: what cannot be decoded stays as sent. */
export function parseMail(raw: Buffer): ParsedMail {
  const root = splitPart(raw);
  const leaves = collectLeaves(root, 0);
  const typed = (type: string) => leaves.find((leaf) => contentType(leaf).startsWith(type));
  const plain = typed('text/plain') ?? leaves.find((leaf) => contentType(leaf) === '');
  const html = typed('text/html');
  return {
    headers: Object.fromEntries([...root.headers].map(([name, value]) => [name, decodeWords(value)])),
    subject: decodeWords(root.headers.get('subject') ?? ''),
    text: plain === undefined ? '' : decodeBody(plain),
    html: html === undefined ? null : decodeBody(html),
    attachments: leaves.flatMap(attachmentOf),
  };
}

function splitPart(raw: Buffer): Part {
  const text = raw.toString('latin1');
  const gap = /\r?\n\r?\n/.exec(text);
  const head = gap === null ? text : text.slice(0, gap.index);
  const bodyStart = gap === null ? raw.length : gap.index + gap[0].length;
  const headers = new Map<string, string>();
  for (const line of head.replace(/\r?\n[ \t]+/g, ' ').split(/\r?\n/)) {
    const colon = line.indexOf(':');
    if (colon <= 0) continue;
    const name = line.slice(0, colon).trim().toLowerCase();
    if (!headers.has(name)) {
      headers.set(name, Buffer.from(line.slice(colon + 1).trim(), 'latin1').toString('utf8'));
    }
  }
  return { headers, body: raw.subarray(bodyStart) };
}

function collectLeaves(part: Part, depth: number): Part[] {
  const type = part.headers.get('content-type') ?? '';
  const boundary = /^multipart\//i.test(type) ? /boundary="?([^";]+)"?/i.exec(type)?.[1] : undefined;
  if (boundary === undefined || depth > 10) return [part];
  const pieces = part.body.toString('latin1').split(new RegExp(`(?:^|\\r?\\n)--${escapeRegExp(boundary)}`));
  return pieces
    .slice(1)
    .filter((piece) => !piece.startsWith('--'))
    .flatMap((piece) =>
      collectLeaves(splitPart(Buffer.from(piece.replace(/^[ \t]*\r?\n/, ''), 'latin1')), depth + 1),
    );
}

function attachmentOf(part: Part): ParsedMail['attachments'] {
  const disposition = part.headers.get('content-disposition') ?? '';
  if (!/^attachment/i.test(disposition)) return [];
  const named = /filename="?([^";]+)"?/i.exec(disposition)?.[1] ?? 'attachment';
  const type = contentType(part).split(';')[0]?.trim() || 'application/octet-stream';
  return [{ fileName: decodeWords(named), contentType: type, bytes: decodeBytes(part) }];
}

function contentType(part: Part): string {
  return (part.headers.get('content-type') ?? '').toLowerCase();
}

function decodeBody(part: Part): string {
  const charset = /charset="?([^";\s]+)/i.exec(part.headers.get('content-type') ?? '')?.[1] ?? 'utf-8';
  return decodeCharset(decodeBytes(part), charset).replace(/\r\n/g, '\n').replace(/\n+$/, '');
}

function decodeBytes(part: Part): Buffer {
  const encoding = (part.headers.get('content-transfer-encoding') ?? '').toLowerCase();
  if (encoding === 'base64') return Buffer.from(part.body.toString('latin1'), 'base64');
  if (encoding !== 'quoted-printable') return part.body;
  return decodeQuotedPrintable(part.body.toString('latin1').replace(/=\r?\n/g, ''));
}

function decodeQuotedPrintable(text: string): Buffer {
  return Buffer.from(
    text.replace(/=([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  );
}

/** RFC 2047: `=?utf-8?Q?caf=C3=A9?=`. Space between two encoded words is not part of the text. */
function decodeWords(value: string): string {
  return value
    .replace(/\?=\s+=\?/g, '?==?')
    .replace(/=\?([^?]+)\?([bq])\?([^?]*)\?=/gi, (_, charset: string, kind: string, data: string) =>
      decodeCharset(
        kind.toLowerCase() === 'b'
          ? Buffer.from(data, 'base64')
          : decodeQuotedPrintable(data.replace(/_/g, ' ')),
        charset,
      ),
    );
}

function decodeCharset(bytes: Buffer, charset: string): string {
  try {
    return new TextDecoder(charset).decode(bytes);
  } catch {
    return bytes.toString('utf8');
  }
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
