import type { SandboxClient } from '../sandbox/client.ts';

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

export type Bind = (value: unknown) => Promise<unknown>;

/**
 * Replaces `$name` and `$name.field` in texts by what the sandbox picks; `$name` alone is its name (in a sentence)
 * or its id (as a whole value). Throws on a name no picker knows.
 */
export function createBind(client: SandboxClient): Bind {
  const picked = new Map<string, Promise<Record<string, unknown>>>();

  function pick(name: string): Promise<Record<string, unknown>> {
    const picker = PICKERS[name];
    if (!picker) throw new Error(`no binding named $${name}`);
    const known = picked.get(name) ?? client.pick(...picker);
    picked.set(name, known);
    return known;
  }

  async function field(name: string, key: string | undefined, whole: boolean): Promise<string> {
    const record = await pick(name);
    const value = record[key ?? (whole ? 'id' : name.startsWith('invoice') ? 'number' : 'name')] ?? record.id;
    if (value === undefined) throw new Error(`$${name}${key ? `.${key}` : ''} is not given by the sandbox`);
    return String(value);
  }

  async function text(source: string): Promise<string> {
    const whole = /^\$([a-z_]+)(?:\.([a-z_]+))?$/.exec(source);
    if (whole?.[1]) return field(whole[1], whole[2], true);
    let result = source;
    for (const match of source.matchAll(/\$([a-z_]+)(?:\.([a-z_]+))?/g)) {
      result = result.replace(match[0], await field(match[1] ?? '', match[2], false));
    }
    return result;
  }

  return async function bind(value): Promise<unknown> {
    if (typeof value === 'string') return text(value);
    if (Array.isArray(value)) return Promise.all(value.map(bind));
    if (value && typeof value === 'object') {
      const entries = await Promise.all(
        Object.entries(value).map(async ([key, item]) => [key, await bind(item)]),
      );
      return Object.fromEntries(entries);
    }
    return value;
  };
}
