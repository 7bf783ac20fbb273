import { expect, test } from 'vitest';
import { checkedBlocks, type Surface } from '../../../sandbox/slack/blocks/check.ts';
import { SlackError } from '../../../sandbox/slack/errors.ts';
import type { JsonObject } from '../../../sandbox/slack/json.ts';

const mrkdwn = (text: string) => ({ type: 'mrkdwn', text });
const plain = (text: string) => ({ type: 'plain_text', text });
const button = (extra: JsonObject = {}) => ({ type: 'button', action_id: 'a', text: plain('Go'), ...extra });
const cell = { type: 'raw_text', text: 'x' };
const points = (count: number) => Array.from({ length: count }, (_, at) => ({ label: `p${at}`, value: at }));
const chart = (extra: JsonObject) => ({
  type: 'data_visualization',
  title: 'MRR',
  chart: { type: 'line', ...extra },
});
const options = (count: number) =>
  Array.from({ length: count }, (_, at) => ({ text: plain(`o${at}`), value: `${at}` }));

function problemsOf(blocks: JsonObject[], surface: Surface = 'message'): string {
  try {
    checkedBlocks(blocks, surface);
    return '';
  } catch (error) {
    if (error instanceof SlackError) return `${error.code} ${JSON.stringify(error.details)}`;
    throw error;
  }
}

const good: { name: string; block: JsonObject; surface?: Surface }[] = [
  { name: 'section', block: { type: 'section', text: mrkdwn('x'.repeat(3000)), accessory: button() } },
  { name: 'section of fields', block: { type: 'section', fields: [mrkdwn('a')] } },
  { name: 'actions', block: { type: 'actions', elements: [button(), button({ action_id: 'b' })] } },
  { name: 'header', block: { type: 'header', text: plain('x'.repeat(150)) } },
  { name: 'context', block: { type: 'context', elements: [mrkdwn('a')] } },
  { name: 'divider', block: { type: 'divider' } },
  { name: 'image', block: { type: 'image', image_url: 'https://x.example/a.png', alt_text: 'a' } },
  { name: 'markdown', block: { type: 'markdown', text: '# a' } },
  { name: 'rich_text', block: { type: 'rich_text', elements: [] } },
  { name: 'table', block: { type: 'table', rows: [[cell, cell]] } },
  {
    name: 'data_table',
    block: {
      type: 'data_table',
      caption: 'c',
      page_size: 10,
      rows: [[cell], [{ type: 'raw_number', value: 1 }]],
    },
  },
  { name: 'data_visualization', block: chart({ series: [{ name: 'a', data: points(20) }] }) },
  {
    name: 'pie',
    block: { type: 'data_visualization', title: 'a', chart: { type: 'pie', segments: points(3) } },
  },
  {
    name: 'plan',
    block: { type: 'plan', title: 'p', tasks: [{ task_id: '1', title: 't', status: 'complete' }] },
  },
  { name: 'task_card', block: { type: 'task_card', task_id: '1', title: 't', status: 'pending' } },
  { name: 'alert', block: { type: 'alert', text: mrkdwn('a'), level: 'warning' } },
  { name: 'card', block: { type: 'card', title: mrkdwn('a'), actions: [button()] } },
  {
    name: 'context_actions',
    block: {
      type: 'context_actions',
      elements: [
        {
          type: 'feedback_buttons',
          action_id: 'f',
          positive_button: { text: plain('Good'), value: 'up' },
          negative_button: { text: plain('Bad'), value: 'down' },
        },
      ],
    },
  },
  {
    name: 'input',
    surface: 'modal',
    block: {
      type: 'input',
      label: plain('l'),
      element: { type: 'static_select', action_id: 's', options: options(100) },
    },
  },
];
test.each(good)('Slack takes a $name block', ({ block, surface }) => {
  expect(problemsOf([block], surface)).toBe('');
});

const bad: { name: string; block: JsonObject; path: string }[] = [
  { name: 'an unknown type', block: { type: 'poem' }, path: '/blocks/0/type' },
  { name: 'a section without text', block: { type: 'section' }, path: '/blocks/0' },
  {
    name: 'a section of 3,001 characters',
    block: { type: 'section', text: mrkdwn('x'.repeat(3001)) },
    path: '/blocks/0/text/text',
  },
  { name: 'an empty section text', block: { type: 'section', text: mrkdwn('') }, path: '/blocks/0/text' },
  {
    name: 'a header of 151 characters',
    block: { type: 'header', text: plain('x'.repeat(151)) },
    path: '/blocks/0/text/text',
  },
  { name: 'a header in mrkdwn', block: { type: 'header', text: mrkdwn('x') }, path: '/blocks/0/text/type' },
  {
    name: 'a button label of 76 characters',
    block: { type: 'actions', elements: [button({ text: plain('x'.repeat(76)) })] },
    path: '/blocks/0/elements/0/text/text',
  },
  {
    name: 'a button of an unknown style',
    block: { type: 'actions', elements: [button({ style: 'blue' })] },
    path: '/blocks/0/elements/0/style',
  },
  {
    name: 'a button value of 2,001 characters',
    block: { type: 'actions', elements: [button({ value: 'x'.repeat(2001) })] },
    path: '/blocks/0/elements/0/value',
  },
  {
    name: 'two elements with one action id',
    block: { type: 'actions', elements: [button(), button()] },
    path: '/blocks/0/elements/1',
  },
  {
    name: '26 elements',
    block: {
      type: 'actions',
      elements: Array.from({ length: 26 }, (_, at) => button({ action_id: `a${at}` })),
    },
    path: '/blocks/0/elements',
  },
  { name: 'no elements', block: { type: 'actions', elements: [] }, path: '/blocks/0/elements' },
  {
    name: 'an input in a message',
    block: { type: 'input', label: plain('l'), element: { type: 'plain_text_input', action_id: 'a' } },
    path: '/blocks/0/type',
  },
  {
    name: '101 options',
    block: { type: 'actions', elements: [{ type: 'static_select', action_id: 's', options: options(101) }] },
    path: '/blocks/0/elements/0/options',
  },
  {
    name: 'an overflow of six',
    block: {
      type: 'section',
      text: mrkdwn('a'),
      accessory: { type: 'overflow', action_id: 's', options: options(6) },
    },
    path: '/blocks/0/accessory/options',
  },
  {
    name: 'an image without alt text',
    block: { type: 'image', image_url: 'https://x.example/a.png' },
    path: '/blocks/0',
  },
  {
    name: 'a table of 101 rows',
    block: { type: 'table', rows: Array(101).fill([cell]) },
    path: '/blocks/0/rows',
  },
  {
    name: 'a table of 21 columns',
    block: { type: 'table', rows: [Array(21).fill(cell)] },
    path: '/blocks/0/rows/0',
  },
  {
    name: 'a ragged table',
    block: { type: 'table', rows: [[cell, cell], [cell]] },
    path: '/blocks/0/rows/1',
  },
  { name: 'a data table without caption', block: { type: 'data_table', rows: [[cell]] }, path: '/blocks/0' },
  {
    name: 'a chart title of 51 characters',
    block: { ...chart({ series: [{ name: 'a', data: points(1) }] }), title: 'x'.repeat(51) },
    path: '/blocks/0/title',
  },
  {
    name: 'a chart of an unknown type',
    block: chart({ type: 'radar', series: [{ name: 'a', data: points(1) }] }),
    path: '/blocks/0/chart/type',
  },
  {
    name: 'a chart of 7 series',
    block: chart({ series: Array(7).fill({ name: 'a', data: points(1) }) }),
    path: '/blocks/0/chart/series',
  },
  {
    name: 'a series of 21 points',
    block: chart({ series: [{ name: 'a', data: points(21) }] }),
    path: '/blocks/0/chart/series/0/data',
  },
  {
    name: 'a label of 21 characters',
    block: chart({ series: [{ name: 'a', data: [{ label: 'x'.repeat(21), value: 1 }] }] }),
    path: '/blocks/0/chart/series/0/data/0/label',
  },
  {
    name: 'a point that is no number',
    block: chart({ series: [{ name: 'a', data: [{ label: 'x', value: '1' }] }] }),
    path: '/blocks/0/chart/series/0/data/0/value',
  },
  {
    name: 'a task of an unknown status',
    block: { type: 'task_card', task_id: '1', title: 't', status: 'done' },
    path: '/blocks/0/status',
  },
  {
    name: 'an alert of an unknown level',
    block: { type: 'alert', text: mrkdwn('a'), level: 'loud' },
    path: '/blocks/0/level',
  },
];
test.each(bad)('Slack refuses $name and names the place', ({ block, path }) => {
  const problems = problemsOf([block]);
  expect(problems).toContain('invalid_blocks');
  expect(problems).toContain(`[json-pointer:${path}]`);
});

test('a message takes 50 blocks, a modal 100', () => {
  const blocks = Array.from({ length: 51 }, () => ({ type: 'divider' }));
  expect(problemsOf(blocks.slice(1))).toBe('');
  expect(problemsOf(blocks)).toContain('no more than 50 items allowed');
  expect(problemsOf([...blocks, ...blocks.slice(2)], 'modal')).toBe('');
});

test('a block id is given once, and Slack gives one where there is none', () => {
  const twice = [1, 2].map(() => ({ type: 'divider', block_id: 'same' }));
  expect(problemsOf(twice)).toContain('block_id already exists');
  const ids = checkedBlocks([{ type: 'divider' }, { type: 'divider' }], 'message').map(
    (block) => block.block_id,
  );
  expect(new Set(ids).size).toBe(2);
});

test('a third chart in one message is refused', () => {
  const one = chart({ series: [{ name: 'a', data: points(1) }] });
  expect(problemsOf([one, one])).toBe('');
  expect(problemsOf([one, one, one])).toContain('no more than 2 data_visualization');
});

test('a message takes one table', () => {
  const table = { type: 'table', rows: [[cell]] };
  expect(problemsOf([table])).toBe('');
  expect(problemsOf([table, table])).toContain('only one table block allowed');
});

test('the markdown of all blocks together may have 12,000 characters', () => {
  const half = { type: 'markdown', text: 'x'.repeat(6000) };
  expect(problemsOf([half, half])).toBe('');
  expect(problemsOf([half, half, { type: 'markdown', text: 'x' }])).toContain('msg_too_long');
});
