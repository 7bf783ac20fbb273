import { isObject, type JsonObject, listAt, textAt } from '../json.ts';

/** Collects what is wrong with blocks, each with its JSON pointer, in Slack's words. */
export class Problems {
  readonly messages: string[] = [];

  add(text: string, path: string): void {
    this.messages.push(`${text} [json-pointer:${path}]`);
  }

  /** A required text field of at most `limit` characters; the text, or null when it is missing. */
  text(parent: JsonObject, key: string, path: string, limit: number): string | null {
    const text = textAt(parent, key);
    if (text === null || text === '') {
      this.add(`missing required field: ${key}`, path);
      return null;
    }
    this.length(text, limit, `${path}/${key}`);
    return text;
  }

  length(text: string, limit: number, path: string): void {
    if (text.length > limit) this.add(`must be less than ${limit + 1} characters`, path);
  }

  /** A text object: `plain_text`, or `mrkdwn` where that is allowed. */
  textObject(
    parent: JsonObject,
    key: string,
    path: string,
    rule: { limit: number; plain?: boolean; optional?: boolean },
  ): void {
    const value = parent[key];
    if (value === undefined || value === null) {
      if (!rule.optional) this.add(`missing required field: ${key}`, path);
      return;
    }
    this.textValue(value, `${path}/${key}`, rule);
  }

  textValue(value: unknown, path: string, rule: { limit: number; plain?: boolean }): void {
    if (!isObject(value)) {
      this.add('must provide an object', path);
      return;
    }
    const allowed = rule.plain ? ['plain_text'] : ['plain_text', 'mrkdwn'];
    if (!allowed.includes(String(value.type))) {
      this.add(`must be a valid enum value: ${allowed.join(', ')}`, `${path}/type`);
    }
    this.text(value, 'text', path, rule.limit);
  }

  /** A list within bounds; [] when it is none. */
  list(parent: JsonObject, key: string, path: string, min: number, max: number): unknown[] {
    const list = listAt(parent, key);
    if (list === null) {
      this.add(`missing required field: ${key}`, path);
      return [];
    }
    if (list.length < min) this.add(`no fewer than ${min} items required`, `${path}/${key}`);
    if (list.length > max) this.add(`no more than ${max} items allowed`, `${path}/${key}`);
    return list;
  }

  oneOf(value: unknown, allowed: readonly string[], path: string): void {
    if (typeof value === 'string' && allowed.includes(value)) return;
    this.add(`must be a valid enum value: ${allowed.join(', ')}`, path);
  }
}
