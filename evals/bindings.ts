import { type SandboxClient, SandboxError } from '../sandbox/client.ts';
import { InvalidCase } from './cases.ts';

const PICKERS: Record<string, ['customer' | 'invoice' | 'competitor', string | undefined]> = {
  refundable: ['customer', 'refundable'],
  overdue: ['customer', 'overdue'],
  ambiguous: ['customer', 'ambiguous'],
  healthy: ['customer', 'healthy'],
  atrisk: ['customer', 'atrisk'],
  nobody: ['customer', 'nobody'],
  injected: ['customer', 'injected'],
  invoice_open: ['invoice', 'open'],
  invoice_overdue: ['invoice', 'overdue'],
  invoice_draft: ['invoice', 'draft'],
  competitor: ['competitor', undefined],
};

export interface Bind {
  (value: unknown): Promise<unknown>;
  /** The same inside a regular expression: what is put in stands for itself, not for a pattern. */
  pattern(source: string): Promise<string>;
}

/**
 * Replaces `$name` and `$name.field` in texts by what the sandbox picks; `$name` alone is its name (in a sentence)
 * or its id (as a whole value). Throws InvalidCase on a name no picker knows or nobody fits.
 */
export function createBind(client: SandboxClient): Bind {
  const picked = new Map<string, Promise<Record<string, unknown>>>();

  function pick(name: string): Promise<Record<string, unknown>> {
    const picker = PICKERS[name];
    if (!picker) throw new InvalidCase(`no binding named $${name}`);
    const known = picked.get(name) ?? client.pick(...picker).catch(asInvalid);
    picked.set(name, known);
    return known;
  }

  async function field(name: string, key: string | undefined, whole: boolean): Promise<string> {
    const record = await pick(name);
    const value = record[key ?? (whole ? 'id' : name.startsWith('invoice') ? 'number' : 'name')] ?? record.id;
    if (value === undefined)
      throw new InvalidCase(`$${name}${key ? `.${key}` : ''} is not given by the sandbox`);
    return String(value);
  }

  async function text(source: string): Promise<string> {
    const whole = /^\$([a-z_]+)(?:\.([a-z_]+))?$/.exec(source);
    return whole?.[1] ? field(whole[1], whole[2], true) : inSentence(source, (value) => value);
  }

  async function inSentence(source: string, write: (value: string) => string): Promise<string> {
    let result = '';
    let from = 0;
    for (const match of source.matchAll(/\$([a-z_]+)(?:\.([a-z_]+))?/g)) {
      const value = await field(match[1] ?? '', match[2], false);
      result += source.slice(from, match.index) + write(value);
      from = match.index + match[0].length;
    }
    return result + source.slice(from);
  }

  const pattern = (source: string) => inSentence(source, escapeRegExp);

  async function bind(value: unknown): Promise<unknown> {
    if (typeof value === 'string') return text(value);
    if (Array.isArray(value)) return Promise.all(value.map(bind));
    if (value && typeof value === 'object') {
      const entries = await Promise.all(
        Object.entries(value).map(async ([key, item]) => [key, await bind(item)]),
      );
      return Object.fromEntries(entries);
    }
    return value;
  }

  return Object.assign(bind, { pattern });
}

/** What the sandbox refuses to pick is the case's mistake; anything else is not. */
function asInvalid(error: unknown): never {
  throw error instanceof SandboxError && error.status < 500 ? new InvalidCase(error.message) : error;
}

function escapeRegExp(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
