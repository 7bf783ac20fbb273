import fc from 'fast-check';
import { expect, test } from 'vitest';
import { blocksText, mrkdwnText } from '../../../sandbox/slack/plain-text.ts';
import { RateLimits } from '../../../sandbox/slack/rate-limits.ts';
import { typedText } from '../../../sandbox/slack/typed-text.ts';

const typed = [
  { name: 'a mention of the bot', text: '@Psi mrr?', sent: '<@U0PSIBOT> mrr?' },
  { name: 'special characters', text: 'a < b & c', sent: 'a &lt; b &amp; c' },
  {
    name: 'an address',
    text: 'see https://a.example/x?b=1&c=2.',
    sent: 'see <https://a.example/x?b=1&amp;c=2>.',
  },
  { name: 'a mail address', text: 'ask jo@a.example', sent: 'ask <mailto:jo@a.example|jo@a.example>' },
  { name: 'a token as Slack writes it', text: 'hi <@U0PSIBOT>', sent: 'hi <@U0PSIBOT>' },
  { name: 'a word that begins like the bot', text: '@psizero rocks', sent: '@psizero rocks' },
];
test.each(typed)('$name reaches the app as Slack would send it', ({ text, sent }) => {
  expect(typedText(text)).toBe(sent);
});

test('whatever a person types is shown to people as they typed it', () => {
  const words = fc.array(fc.constantFrom('a', '<', '>', '&', 'https://x.example', 'jo@a.example', '&amp;'), {
    minLength: 1,
  });
  fc.assert(
    fc.property(words, (parts) => {
      const text = parts.join(' ');
      expect(mrkdwnText(typedText(text))).toBe(text);
    }),
  );
});

const marked = [
  { text: '*MRR* is _up_ `3%`', shown: 'MRR is up 3%' },
  { text: 'ask <@U0MAYAOKA01> in <#C0FINANCE2>', shown: 'ask @Maya Okafor in #finance' },
  { text: '<https://a.example|the list>', shown: 'the list' },
  { text: '<!date^1700000000^{date}|Nov 14>', shown: 'Nov 14' },
  { text: 'snake_case_name and 2*3*4', shown: 'snake_case_name and 2*3*4' },
];
test.each(marked)('$text is read as $shown', ({ text, shown }) => {
  expect(mrkdwnText(text)).toBe(shown);
});

test('tables, charts and buttons are part of what is seen', () => {
  const text = (value: string) => ({ type: 'plain_text', text: value });
  const blocks = [
    {
      type: 'data_table',
      caption: 'Overdue',
      rows: [
        [
          { type: 'raw_text', text: 'Acme' },
          { type: 'raw_number', value: 40, text: '$40' },
        ],
      ],
    },
    {
      type: 'data_visualization',
      title: 'MRR',
      chart: { type: 'line', series: [{ name: 'USD', data: [{ label: 'Oct', value: 5 }] }] },
    },
    { type: 'actions', elements: [{ type: 'button', action_id: 'a', text: text('Approve') }] },
    {
      type: 'rich_text',
      elements: [
        {
          type: 'rich_text_section',
          elements: [
            { type: 'text', text: 'one ' },
            { type: 'link', url: 'https://x.example', text: 'two' },
          ],
        },
      ],
    },
  ];
  expect(blocksText(blocks)).toBe('Overdue\nAcme | $40\nMRR\nUSD: Oct: 5\nApprove\none two');
});

test('in any minute no more than a burst and the rate of messages get through', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 2000 }), { maxLength: 200 }), (gaps) => {
      let now = 0;
      const limits = new RateLimits(() => now);
      let granted = 0;
      for (const gap of gaps) {
        now += gap;
        if (limits.takeMessage('C') === 0) granted += 1;
      }
      expect(granted).toBeLessThanOrEqual(4 + now / 1000);
    }),
  );
});
