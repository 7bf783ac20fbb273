import { describe, expect, it } from 'vitest';
import { plainText } from '../../src/slack/message-text.ts';

describe('what a person typed', () => {
  it.each([
    ['<@UPSI> how is MRR?', 'how is MRR?'],
    ['R&amp;D &lt;b&gt;', 'R&D <b>'],
    ['mail <mailto:a@b.example|a@b.example> now', 'mail a@b.example now'],
    ['see <https://x.example/y|the page>', 'see the page'],
    ['see <https://x.example/y>', 'see https://x.example/y'],
    ['in <#C1|finance>', 'in #finance'],
    ['  two\n lines ', 'two lines'],
  ])('%s', (slackText, typed) => {
    expect(plainText(slackText, 'UPSI')).toBe(typed);
  });
});
