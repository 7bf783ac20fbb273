import { isObject, type JsonObject, listAt, objectAt, objectsAt, textAt } from './json.ts';
import type { Message } from './records.ts';
import { shownBlocks } from './wire.ts';
import { BOT, channelName, PEOPLE, USER_GROUPS } from './workspace.ts';

/** All text a person sees in the message, line by line: its blocks, or its text where it has none. */
export function plainText(message: Message): string {
  const blocks = shownBlocks(message);
  const body = blocks.length > 0 ? blocksText(blocks) : mrkdwnText(message.text);
  const attached = message.attachments.map((each) => {
    const inner = objectsAt(each, 'blocks');
    const texts = ['pretext', 'title', 'text', 'footer'].flatMap((key) => textAt(each, key) ?? []);
    return inner.length > 0 ? blocksText(inner) : lines(texts.map(mrkdwnText));
  });
  return lines([body, ...attached]);
}

/** The visible text of blocks, also of a view. */
export function blocksText(blocks: readonly JsonObject[]): string {
  return lines(blocks.map(blockText));
}

/** Slack's markup as a person reads it. */
export function mrkdwnText(text: string): string {
  const shown = text.replace(/<([^<>\n]+)>/g, (_whole, inside: string) => token(inside));
  const unmarked = shown
    .replace(/(^|[\s(>"'])\*([^*\n]+)\*(?=$|[\s).,:;!?"'])/gm, '$1$2')
    .replace(/(^|[\s(>"'])_([^_\n]+)_(?=$|[\s).,:;!?"'])/gm, '$1$2')
    .replace(/(^|[\s(>"'])~([^~\n]+)~(?=$|[\s).,:;!?"'])/gm, '$1$2')
    .replace(/```([^`]+)```/g, '$1')
    .replace(/`([^`\n]+)`/g, '$1');
  return decodeEntities(unmarked);
}

function decodeEntities(text: string): string {
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}

function token(inside: string): string {
  const bar = inside.indexOf('|');
  const [target, label] = bar < 0 ? [inside, null] : [inside.slice(0, bar), inside.slice(bar + 1)];
  if (target.startsWith('@')) return `@${label ?? personName(target.slice(1))}`;
  if (target.startsWith('#')) {
    return `#${label ?? channelName(target.slice(1)) ?? target.slice(1)}`;
  }
  if (target.startsWith('!subteam^')) {
    return `@${USER_GROUPS.find((group) => group.id === target.slice(9))?.handle ?? label ?? 'group'}`;
  }
  if (target.startsWith('!date')) return label ?? target;
  if (target.startsWith('!')) return `@${target.slice(1)}`;
  return label ?? target.replace(/^mailto:/, '');
}

function personName(id: string): string {
  return id === BOT.userId ? BOT.name : (PEOPLE.find((each) => each.id === id)?.name ?? id);
}

function markdownText(text: string): string {
  return text
    .replace(/!?\[([^\]\n]*)\]\([^)\n]*\)/g, '$1')
    .replace(/^#{1,6}\s+/gm, '')
    .replace(/\*\*([^*\n]+)\*\*/g, '$1')
    .replace(/(^|[\s(])[*_]([^*_\n]+)[*_](?=$|[\s).,:;!?])/gm, '$1$2')
    .replace(/`([^`\n]+)`/g, '$1')
    .replace(/<(@[^<>\n]+|#[^<>\n]+|![^<>\n]+)>/g, (_whole, inside: string) => token(inside));
}

function blockText(block: JsonObject): string {
  switch (block.type) {
    case 'markdown':
      return markdownText(textAt(block, 'text') ?? '');
    case 'table':
    case 'data_table':
      return lines([textAt(block, 'caption') ?? '', ...(listAt(block, 'rows') ?? []).map(rowText)]);
    case 'data_visualization':
      return chartText(block);
    case 'rich_text':
      return objectsAt(block, 'elements').map(richText).join('\n');
    case 'task_card':
      return taskText(block);
    case 'plan':
      return lines([textAt(block, 'title') ?? '', ...objectsAt(block, 'tasks').map(taskText)]);
    case 'image':
      return lines([anyText(block.title), textAt(block, 'alt_text') ?? '']);
    default:
      return lines([
        ...['text', 'title', 'subtitle', 'body', 'label', 'hint'].map((key) => anyText(block[key])),
        ...['fields', 'elements', 'actions'].flatMap((key) => objectsAt(block, key).map(elementText)),
        ...['accessory', 'element'].map((key) => elementText(objectAt(block, key) ?? {})),
        blocksText(objectsAt(block, 'child_blocks')),
      ]);
  }
}

function anyText(value: unknown): string {
  if (typeof value === 'string') return value;
  if (!isObject(value)) return '';
  const text = textAt(value, 'text') ?? '';
  return value.type === 'mrkdwn' ? mrkdwnText(text) : text;
}

function elementText(element: JsonObject): string {
  if (element.type === 'mrkdwn' || element.type === 'plain_text') return anyText(element);
  if (element.type === 'image') return textAt(element, 'alt_text') ?? '';
  if (element.type === 'card') return blockText(element);
  const sides = ['positive_button', 'negative_button'].map((key) => anyText(objectAt(element, key)?.text));
  const shown = ['text', 'placeholder', 'initial_value'].map((key) => anyText(element[key]));
  const options = objectsAt(element, 'options').map((option) => anyText(option.text));
  return lines([...shown, ...sides, ...options]);
}

function rowText(row: unknown): string {
  if (!Array.isArray(row)) return '';
  return row
    .map((cell: unknown) => {
      if (!isObject(cell)) return '';
      if (cell.type === 'rich_text') return blockText(cell);
      return textAt(cell, 'text') ?? String(cell.value ?? '');
    })
    .join(' | ');
}

function chartText(block: JsonObject): string {
  const chart = objectAt(block, 'chart') ?? {};
  const points = (list: JsonObject[]) => list.map((point) => `${point.label}: ${point.value}`).join(', ');
  return lines([
    textAt(block, 'title') ?? '',
    points(objectsAt(chart, 'segments')),
    ...objectsAt(chart, 'series').map((series) => `${series.name}: ${points(objectsAt(series, 'data'))}`),
  ]);
}

function taskText(task: JsonObject): string {
  const prose = ['details', 'output'].map((key) => {
    const value = task[key];
    return isObject(value) ? blockText(value) : anyText(value);
  });
  const sources = objectsAt(task, 'sources').map((source) => textAt(source, 'text') ?? '');
  return lines([textAt(task, 'title') ?? '', ...prose, ...sources]);
}

function richText(element: JsonObject): string {
  switch (element.type) {
    case 'text':
      return textAt(element, 'text') ?? '';
    case 'link':
      return textAt(element, 'text') ?? textAt(element, 'url') ?? '';
    case 'user':
      return `@${personName(textAt(element, 'user_id') ?? '')}`;
    case 'channel':
      return token(`#${textAt(element, 'channel_id') ?? ''}`);
    case 'emoji':
      return `:${textAt(element, 'name') ?? ''}:`;
    case 'date':
      return textAt(element, 'fallback') ?? '';
    case 'rich_text_list':
      return objectsAt(element, 'elements').map(richText).join('\n');
    default:
      return objectsAt(element, 'elements').map(richText).join('');
  }
}

function lines(parts: readonly string[]): string {
  return parts.filter((part) => part !== '').join('\n');
}
