import { beforeAll, expect, it } from 'vitest';
import type { Launched } from '../../sandbox/launch.ts';
import { newWorkspace, type Person, peopleOf, personOf } from './workspace.ts';

let workspace: Launched;
let founder: Person;
let approver: Person;

beforeAll(async () => {
  workspace = await newWorkspace();
  const people = peopleOf(workspace.client, await workspace.client.state());
  founder = personOf(people, 'founder');
  approver = personOf(people, 'finance', 1);
}, 90_000);

it('Psi counts what it has done itself: questions, a proposal, its approval, the time it stands for', async () => {
  const say = async (text: string) => (await founder.ask(text)).answer();
  expect(await say('how many questions have you answered today')).toMatch(/come to 0 for Nov 22, 2026/);
  expect(await say('automation rate today')).toMatch(/Automation rate is 100\.00%/);
  await say('how is MRR?');
  await say('thanks');
  await personOf(peopleOf(workspace.client, await workspace.client.state()), 'finance').ask(
    "refund Acme's last payment",
  );
  await workspace.client.clock({ advance: 'PT12M' });
  await workspace.client.wait();
  await approver.press('approval.approve');

  // The first two, MRR and the refund that was proposed; thanks are no question.
  expect(await say('how many questions have you answered today')).toMatch(/come to 4 for Nov 22, 2026/);
  expect(await say('how many proposals did you make today')).toMatch(/New proposals come to 1 /);
  expect(await say('how many proposals were approved today')).toMatch(/Approved proposals come to 1 /);
  expect(await say('approval rate today')).toMatch(/Approval rate is 100\.00%/);
  expect(await say('how long do approvals take today')).toMatch(/Median approval time is 12 min/);
  const saved = await say('how much time did you save us today');
  expect(saved).toMatch(/Time saved is (?:\d+ h )?\d+ min/);
}, 60_000);
