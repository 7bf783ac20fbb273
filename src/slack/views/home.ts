import type { HomeView } from '@slack/types';
import { context, header, type MessageBlock, mrkdwn, section } from './blocks.ts';
import { alertBlocks } from './home/alerts.ts';
import { briefingBlocks } from './home/briefing.ts';
import type { HomeData } from './home/data.ts';
import { numberBlocks } from './home/numbers.ts';
import { runBlocks } from './home/runs.ts';
import { sourceBlocks } from './home/sources.ts';
import { waitingBlocks } from './home/waiting.ts';

const EXAMPLES = 8;

/** App Home: what waits for me, today's numbers, how fresh the sources are, and what one can ask. */
export function homeView(data: HomeData): HomeView {
  const blocks: MessageBlock[] = [header(`Good to see you, ${data.name}`)];
  if (data.simulated)
    blocks.push(context('Everything here is simulated: no real customer, payment or mail is touched.'));
  for (const problem of data.problems)
    blocks.push({ type: 'alert', level: 'warning', text: { type: 'mrkdwn', text: mrkdwn(problem) } });
  blocks.push(
    ...waitingBlocks(data.waiting, data.expanded),
    ...alertBlocks(data.alerts),
    ...briefingBlocks(data),
  );
  if (data.numbers) blocks.push(...numberBlocks(data));
  else blocks.push(context('Your role does not include company numbers.'));
  if (data.sources) blocks.push(...sourceBlocks(data.sources));
  if (data.runs) blocks.push(...runBlocks(data.runs));
  if (data.examples.length > 0) {
    blocks.push(
      header('Things to ask'),
      section(
        data.examples
          .slice(0, EXAMPLES)
          .map((example) => `• ${mrkdwn(example)}`)
          .join('\n'),
      ),
      context('`/psi help` shows more.'),
    );
  }
  blocks.push(
    context(
      data.mode === 'rules' ? 'Rules mode: no language model is connected.' : `Model: ${mrkdwn(data.mode)}`,
    ),
  );
  return {
    type: 'home',
    blocks: blocks.filter((block) => block.type !== 'data_visualization').slice(0, 100),
  };
}
