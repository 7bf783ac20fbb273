import { SlackError, withMessages } from './errors.ts';
import { isObject, type JsonObject, objectsAt, textAt } from './json.ts';
import type { Message, StreamPart } from './records.ts';

/** Slack closes a stream this long after it began. */
export const STREAM_LIVES_MS = 5 * 60_000;
const MARKDOWN_LIMIT = 12_000;
const TASK_STATUSES = ['pending', 'in_progress', 'complete', 'error'];

type Stream = NonNullable<Message['stream']>;

/**
 * The parts after the chunks have been added: text runs on, a task with a known id takes its place.
 * Throws `invalid_chunks`, `msg_too_long`.
 */
export function appendChunks(parts: readonly StreamPart[], chunks: readonly unknown[]): StreamPart[] {
  const next = [...parts];
  for (const [at, chunk] of chunks.entries()) appendChunk(next, chunk, `/chunks/${at}`);
  if (streamText(next).length > MARKDOWN_LIMIT) throw new SlackError('msg_too_long');
  return next;
}

function appendChunk(parts: StreamPart[], chunk: unknown, path: string): void {
  if (!isObject(chunk)) throw withMessages('invalid_chunks', [`must be an object [json-pointer:${path}]`]);
  const missing = (field: string) =>
    withMessages('invalid_chunks', [`missing required field: ${field} [json-pointer:${path}/${field}]`]);
  switch (chunk.type) {
    case 'markdown_text': {
      const text = textAt(chunk, 'text');
      if (text === null) throw missing('text');
      appendText(parts, text);
      return;
    }
    case 'task_update': {
      for (const field of ['id', 'title']) if (!textAt(chunk, field)) throw missing(field);
      if (!TASK_STATUSES.includes(textAt(chunk, 'status') ?? '')) throw missing('status');
      const known = parts.findIndex((part) => part.type === 'task' && part.task.id === chunk.id);
      const before = parts[known];
      const merged = before?.type === 'task' ? { ...before.task, ...chunk } : chunk;
      if (known >= 0) parts[known] = { type: 'task', task: merged };
      else parts.push({ type: 'task', task: merged });
      return;
    }
    case 'plan_update': {
      const title = textAt(chunk, 'title');
      if (title === null) throw missing('title');
      const known = parts.findIndex((part) => part.type === 'plan');
      if (known >= 0) parts[known] = { type: 'plan', title };
      else parts.unshift({ type: 'plan', title });
      return;
    }
    case 'blocks':
      parts.push({ type: 'blocks', blocks: objectsAt(chunk, 'blocks') });
      return;
    default:
      throw withMessages('invalid_chunks', [`unsupported chunk type [json-pointer:${path}/type]`]);
  }
}

function appendText(parts: StreamPart[], text: string): void {
  const last = parts.at(-1);
  if (last?.type === 'text') parts[parts.length - 1] = { type: 'text', text: last.text + text };
  else parts.push({ type: 'text', text });
}

export function streamText(parts: readonly StreamPart[]): string {
  return parts.map((part) => (part.type === 'text' ? part.text : '')).join('');
}

/** What a person sees of the stream, as blocks: tasks as cards or as one plan, text as markdown. */
export function streamBlocks(stream: Stream): JsonObject[] {
  const tasks = stream.parts.flatMap((part) => (part.type === 'task' ? [taskCard(part.task)] : []));
  const plan = stream.parts.find((part) => part.type === 'plan');
  const asPlan = stream.displayMode === 'plan' || plan !== undefined;
  const blocks: JsonObject[] = [];
  if (asPlan && tasks.length + (plan ? 1 : 0) > 0) {
    blocks.push({ type: 'plan', block_id: 'stream.plan', title: plan?.title ?? 'Plan', tasks });
  }
  for (const [at, part] of stream.parts.entries()) {
    if (part.type === 'text') blocks.push({ type: 'markdown', block_id: `stream.${at}`, text: part.text });
    if (part.type === 'blocks') blocks.push(...part.blocks);
    if (part.type === 'task' && !asPlan) blocks.push(taskCard(part.task));
  }
  return blocks;
}

function taskCard(task: JsonObject): JsonObject {
  const prose = (field: string) => {
    const text = textAt(task, field);
    if (!text) return {};
    const elements = [{ type: 'rich_text_section', elements: [{ type: 'text', text }] }];
    return { [field]: { type: 'rich_text', elements } };
  };
  return {
    type: 'task_card',
    block_id: `task.${textAt(task, 'id')}`,
    task_id: task.id,
    title: task.title,
    status: task.status,
    ...prose('details'),
    ...prose('output'),
    ...(task.sources ? { sources: task.sources } : {}),
  };
}
