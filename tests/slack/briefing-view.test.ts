import { describe, expect, it } from 'vitest';
import type { Approval, ApprovalState } from '../../src/approvals/types.ts';
import { composeBriefing } from '../../src/domain/briefing/compose.ts';
import { briefingMessage } from '../../src/slack/views/briefing.ts';
import { briefingModal, settingsFromForm } from '../../src/slack/views/briefing-modal.ts';
import { briefingBlocks } from '../../src/slack/views/home/briefing.ts';
import { AT, morning } from '../domain/briefing/morning.ts';

const briefing = composeBriefing(morning());
const person = {
  kind: 'user' as const,
  teamId: 'T1',
  userId: 'U2',
  name: 'Priya',
  email: null,
  roles: [],
  tz: 'UTC',
};

function approval(state: ApprovalState): Approval {
  return {
    id: 'apr_1',
    tool: 'some_tool',
    arguments: {},
    plan: {
      title: 'Refund $999.00 to Acme',
      subject: { kind: 'payment', id: 'ch_1' },
      customer: null,
      changes: [],
      touches: [],
      amount: null,
      policyAmount: null,
      reversible: { possible: false, how: '' },
      warnings: [],
      facts: {},
    },
    state,
    requester: person,
    requirement: { approverRoles: [], approvals: 1, selfApproval: false, typedAmount: false, words: '' },
    decisions: state === 'pending' ? [] : [{ userId: 'U3', name: 'Tomas', verdict: 'approve', at: AT }],
    policyVersion: 'x',
    place: { teamId: 'T1', channelId: 'C1', threadTs: '1.2' },
    batch: null,
    supersededBy: null,
    outcome: null,
    canUndo: false,
    createdAt: 0,
    expiresAt: 1,
    decidedAt: null,
    settledAt: null,
    revision: 1,
  };
}

const shown = (state: ApprovalState, data = briefing) =>
  briefingMessage(data, new Map([['apr_1', approval(state)]]), { simulated: true });
const idsIn = (blocks: unknown) =>
  [...JSON.stringify(blocks).matchAll(/"action_id":"([^"]+)"/g)].map((match) => match[1]);

describe('a briefing in Slack', () => {
  const { blocks, text } = shown('pending');
  const json = JSON.stringify(blocks);

  it('begins with its name and day, and fits in one message', () => {
    expect(blocks[0]).toMatchObject({ type: 'header', text: { text: 'Morning briefing · Tue, Nov 24' } });
    expect(blocks.length).toBeLessThan(50);
    expect(text.length).toBeLessThanOrEqual(300);
  });
  it('has live buttons for what the reader may decide', () => {
    expect(idsIn(blocks).filter((id) => id?.startsWith('approval.'))).toEqual([
      'approval.approve',
      'approval.edit',
      'approval.reject',
    ]);
    expect(json).toContain('"value":"apr_1"');
  });
  it.each<ApprovalState>([
    'approved',
    'applied',
    'rejected',
    'expired',
    'superseded',
    'failed',
    'unknown',
    'undone',
  ])('has none once it is %s, and says so', (state) => {
    const { blocks: after } = shown(state);
    expect(idsIn(after).some((id) => id?.startsWith('approval.'))).toBe(false);
    expect(JSON.stringify(after)).toMatch(/by Tomas/);
  });
  it('counts what waits in its summary only until something of it is decided', () => {
    const summary = (state: ApprovalState) => JSON.stringify(shown(state).blocks[1]);
    expect(summary('pending')).toMatch(/waits? for your decision/);
    expect(summary('applied')).not.toMatch(/for your decision/);
    const waiting = [{ approvalId: 'apr_1', batchId: null, title: 'Refund', requester: 'Priya' }];
    const alone = shown('applied', composeBriefing(morning('founder', { waiting })));
    expect(JSON.stringify(alone.blocks)).toContain('Nothing more waits for your decision.');
  });
  it('says once that nothing waits', () => {
    const calm = composeBriefing(morning('founder', { waiting: [] }));
    const said = JSON.stringify(shown('pending', calm).blocks).match(/Nothing waits for your decision/g);
    expect(said).toHaveLength(1);
  });
  it('has a way to the receipt of every number', () => {
    for (const { queryId } of briefing.metrics) expect(json).toContain(`"value":"${queryId}"`);
  });
  it('turns no name into a broadcast', () => expect(json).not.toContain('<!channel>'));
  it('has every section, with its words for when it is empty', () => {
    const bare = composeBriefing(
      morning('viewer', {
        waiting: [],
        overdue: null,
        failed: null,
        usage: null,
        trials: [],
        decided: null,
        newcomers: null,
        leavers: null,
        previous: null,
      }),
    );
    const said = JSON.stringify(shown('pending', bare).blocks);
    for (const words of [
      'Nothing waits for your decision.',
      'first briefing',
      'No action was carried out',
      'No opening stands out',
    ])
      expect(said).toContain(words);
  });
  it('stays within a message when everything is long', () => {
    const many = Array.from({ length: 30 }, (_, index) => ({
      approvalId: `apr_${index}`,
      batchId: null,
      title: 'T'.repeat(900),
      requester: 'P',
    }));
    const long = composeBriefing(morning('founder', { waiting: many }));
    const states = new Map(
      many.map(({ approvalId }) => [approvalId, { ...approval('pending'), id: approvalId }]),
    );
    expect(briefingMessage(long, states, { simulated: false }).blocks.length).toBeLessThan(50);
  });
});

describe('at App Home', () => {
  it('stands the newest briefing, when the next comes, and the way to move it', () => {
    const settings = { on: true, time: '08:00', tz: 'America/Los_Angeles', channels: ['slack'] as const };
    const blocks = briefingBlocks({
      nowAt: AT,
      briefing: { latest: briefing, settings, nextAt: AT + 86_400_000 },
    });
    const json = JSON.stringify(blocks);
    expect(json).toContain('Payments came to $5,294.00');
    expect(json).toContain('Next: Nov 25, 2026, 08:00 PST.');
    expect(idsIn(blocks)).toEqual(['briefing.settings']);
  });
  it('stands nothing for somebody who never has one', () => {
    expect(briefingBlocks({ nowAt: AT, briefing: null })).toEqual([]);
  });
});

describe('the form', () => {
  const settings = { on: true, time: '07:30', tz: 'Europe/Berlin', channels: ['email'] as const };
  it('is filled with what holds, and a zone nobody else has can be kept', () => {
    const json = JSON.stringify(briefingModal({ ...settings, tz: 'Asia/Kathmandu' }, 'UTC'));
    expect(json).toContain('"initial_time":"07:30"');
    expect(json).toContain('"value":"Asia/Kathmandu"');
  });
  it('is read as Slack sends it', () => {
    const values = {
      on: { on: { type: 'radio_buttons', selected_option: { value: 'off' } } },
      time: { time: { type: 'timepicker', selected_time: '09:15' } },
      tz: { tz: { type: 'static_select', selected_option: { value: 'UTC' } } },
      channels: { channels: { type: 'checkboxes', selected_options: [{ value: 'slack' }] } },
    };
    expect(settingsFromForm(values)).toEqual({ on: false, time: '09:15', tz: 'UTC', channels: ['slack'] });
    expect(settingsFromForm({ other: {} })).toBeNull();
  });
});
