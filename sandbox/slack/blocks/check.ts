import { randomBytes } from 'node:crypto';
import { SlackError, withMessages } from '../errors.ts';
import { isObject, type JsonObject, objectAt, textAt } from '../json.ts';
import { checkChart, checkTable } from './data.ts';
import { checkElement, ELEMENTS_OF } from './elements.ts';
import { Problems } from './problems.ts';

export type Surface = 'message' | 'modal' | 'home';

const BLOCK_LIMIT: Record<Surface, number> = { message: 50, modal: 100, home: 100 };
const CHARTS_PER_MESSAGE = 2;
const MARKDOWN_TOTAL = 12_000;
const TASK_STATUSES = ['pending', 'in_progress', 'complete', 'error'];
const ALERT_LEVELS = ['default', 'info', 'warning', 'error', 'success'];

type Rule = (block: JsonObject, path: string, problems: Problems) => void;

const RULES: Record<string, Rule> = {
  section(block, path, problems) {
    problems.textObject(block, 'text', path, { limit: 3000, optional: block.fields !== undefined });
    if (block.fields !== undefined) {
      for (const [at, field] of problems.list(block, 'fields', path, 1, 10).entries()) {
        problems.textValue(field, `${path}/fields/${at}`, { limit: 2000 });
      }
    }
    if (block.accessory !== undefined) {
      checkElement(block.accessory, `${path}/accessory`, problems, ELEMENTS_OF.section);
    }
  },
  actions: (block, path, problems) => checkElements(block, path, problems, ELEMENTS_OF.actions, 25),
  context_actions: (block, path, problems) =>
    checkElements(block, path, problems, ELEMENTS_OF.context_actions, 5),
  context(block, path, problems) {
    for (const [at, element] of problems.list(block, 'elements', path, 1, 10).entries()) {
      const elementPath = `${path}/elements/${at}`;
      if (textAt(element, 'type') !== 'image') problems.textValue(element, elementPath, { limit: 2000 });
    }
  },
  header: (block, path, problems) => problems.textObject(block, 'text', path, { limit: 150, plain: true }),
  divider: () => undefined,
  image(block, path, problems) {
    if (!block.image_url && !block.slack_file) problems.add('missing required field: image_url', path);
    problems.text(block, 'alt_text', path, 2000);
    problems.textObject(block, 'title', path, { limit: 2000, plain: true, optional: true });
  },
  input(block, path, problems) {
    problems.textObject(block, 'label', path, { limit: 2000, plain: true });
    problems.textObject(block, 'hint', path, { limit: 2000, plain: true, optional: true });
    checkElement(block.element, `${path}/element`, problems, ELEMENTS_OF.input);
  },
  rich_text: (block, path, problems) => void problems.list(block, 'elements', path, 0, 1000),
  markdown: (block, path, problems) => void problems.text(block, 'text', path, MARKDOWN_TOTAL),
  table: checkTable,
  data_table(block, path, problems) {
    problems.text(block, 'caption', path, 300);
    checkTable(block, path, problems);
  },
  data_visualization: checkChart,
  plan(block, path, problems) {
    problems.text(block, 'title', path, 256);
    if (block.tasks === undefined) return;
    for (const [at, task] of problems.list(block, 'tasks', path, 0, 50).entries()) {
      if (isObject(task)) checkTask(task, `${path}/tasks/${at}`, problems);
    }
  },
  task_card: checkTask,
  alert(block, path, problems) {
    problems.textObject(block, 'text', path, { limit: 3000 });
    if (block.level !== undefined) problems.oneOf(block.level, ALERT_LEVELS, `${path}/level`);
  },
  card: checkCard,
  carousel(block, path, problems) {
    for (const [at, card] of problems.list(block, 'elements', path, 1, 10).entries()) {
      if (isObject(card)) checkCard(card, `${path}/elements/${at}`, problems);
    }
  },
  container(block, path, problems) {
    for (const [at, child] of problems.list(block, 'child_blocks', path, 1, 50).entries()) {
      checkBlock(child, `${path}/child_blocks/${at}`, problems);
    }
  },
  file: (block, path, problems) => void problems.text(block, 'external_id', path, 255),
  video: (block, path, problems) => void problems.text(block, 'video_url', path, 3000),
};

/**
 * The blocks as Slack would take them, each with a block id.
 * Throws `invalid_blocks` with `response_metadata.messages` naming the path of every problem, or `msg_too_long`.
 */
export function checkedBlocks(
  blocks: readonly JsonObject[],
  surface: Surface,
  path = '/blocks',
): JsonObject[] {
  const problems = new Problems();
  if (blocks.length > BLOCK_LIMIT[surface])
    problems.add(`no more than ${BLOCK_LIMIT[surface]} items allowed`, path);
  for (const [at, block] of blocks.entries()) {
    checkBlock(block, `${path}/${at}`, problems);
    if (surface === 'message' && block.type === 'input')
      problems.add('unsupported type: input', `${path}/${at}/type`);
  }
  checkWhole(blocks, path, problems);
  if (problems.messages.length > 0) throw withMessages('invalid_blocks', problems.messages);
  return blocks.map((block, at) => withIds(block, at));
}

function checkBlock(block: unknown, path: string, problems: Problems): void {
  if (!isObject(block)) {
    problems.add('must provide an object', path);
    return;
  }
  const rule = RULES[String(block.type)];
  if (!rule) {
    problems.add(`unsupported type: ${String(block.type)}`, `${path}/type`);
    return;
  }
  problems.length(textAt(block, 'block_id') ?? '', 255, `${path}/block_id`);
  rule(block, path, problems);
}

function checkElements(
  block: JsonObject,
  path: string,
  problems: Problems,
  allowed: readonly string[],
  max: number,
): void {
  const seen = new Set<string>();
  for (const [at, element] of problems.list(block, 'elements', path, 1, max).entries()) {
    const elementPath = `${path}/elements/${at}`;
    checkElement(element, elementPath, problems, allowed);
    const actionId = textAt(element, 'action_id');
    if (actionId !== null && seen.has(actionId))
      problems.add(`action_id already exists: ${actionId}`, elementPath);
    if (actionId !== null) seen.add(actionId);
  }
}

function checkTask(task: JsonObject, path: string, problems: Problems): void {
  problems.text(task, 'task_id', path, 255);
  problems.text(task, 'title', path, 256);
  if (task.status !== undefined) problems.oneOf(task.status, TASK_STATUSES, `${path}/status`);
}

function checkCard(card: JsonObject, path: string, problems: Problems): void {
  problems.textObject(card, 'title', path, { limit: 150, optional: true });
  problems.textObject(card, 'subtitle', path, { limit: 150, optional: true });
  problems.textObject(card, 'body', path, { limit: 3000, optional: true });
  if (!['hero_image', 'title', 'body', 'actions'].some((key) => card[key] !== undefined)) {
    problems.add('must have one of hero_image, title, body, actions', path);
  }
  if (card.actions === undefined) return;
  for (const [at, button] of problems.list(card, 'actions', path, 1, 5).entries()) {
    checkElement(button, `${path}/actions/${at}`, problems, ELEMENTS_OF.card);
  }
}

/** What holds for all blocks together. */
function checkWhole(blocks: readonly JsonObject[], path: string, problems: Problems): void {
  const seen = new Set<string>();
  for (const [at, block] of blocks.entries()) {
    const id = textAt(block, 'block_id');
    if (id !== null && seen.has(id)) problems.add(`block_id already exists: ${id}`, `${path}/${at}/block_id`);
    if (id !== null) seen.add(id);
  }
  const charts = blocks.filter((block) => block.type === 'data_visualization').length;
  if (charts > CHARTS_PER_MESSAGE)
    problems.add(`no more than ${CHARTS_PER_MESSAGE} data_visualization blocks`, path);
  const tables = blocks.filter((block) => block.type === 'table').length;
  if (tables > 1) problems.add('only one table block allowed', path);
  const markdown = blocks.reduce((sum, block) => {
    return sum + (block.type === 'markdown' ? (textAt(block, 'text') ?? '').length : 0);
  }, 0);
  if (markdown > MARKDOWN_TOTAL && problems.messages.length === 0) throw new SlackError('msg_too_long');
}

/** Slack gives ids to blocks and elements that came without. */
function withIds(block: JsonObject, at: number): JsonObject {
  const given = textAt(block, 'block_id');
  const named: JsonObject = { ...block, block_id: given || `b${at}${randomBytes(3).toString('base64url')}` };
  for (const key of ['elements', 'actions', 'child_blocks']) {
    const list = named[key];
    if (Array.isArray(list) && block.type !== 'rich_text' && block.type !== 'context') {
      named[key] = list.map((each, index) =>
        key === 'child_blocks' && isObject(each) ? withIds(each, index) : withActionId(each),
      );
    }
  }
  for (const key of ['accessory', 'element']) {
    const element = objectAt(named, key);
    if (element) named[key] = withActionId(element);
  }
  return named;
}

function withActionId(element: unknown): unknown {
  if (!isObject(element) || element.type === 'image' || element.type === 'card') return element;
  return { ...element, action_id: textAt(element, 'action_id') || randomBytes(4).toString('base64url') };
}
