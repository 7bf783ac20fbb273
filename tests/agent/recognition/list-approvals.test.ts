import { describe, expect, it } from 'vitest';
import { startAgent } from '../world.ts';

describe('asking for approvals', () => {
  it.each(["what's waiting for me", 'what approvals are waiting for me?', 'list pending approvals'])(
    '"%s" is answered with a receipt',
    async (message) => {
      const answer = await startAgent().ask(message);
      expect(answer.receipts).toHaveLength(1);
      expect(answer.choices).toEqual([]);
    },
  );
});
