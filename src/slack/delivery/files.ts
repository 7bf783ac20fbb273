import { createHash } from 'node:crypto';
import type { WebClient } from '@slack/web-api';
import type { Answer } from '../../agent/turn.ts';
import type { DrawChart } from '../../charts/draw.ts';
import { pictureTitle } from '../../charts/picture-words.ts';
import type { InvoiceDocument } from '../../domain/billing/document/invoice-document.ts';
import type { Place } from '../../domain/types.ts';
import type { Logger } from '../../lib/logger.ts';
import { isTimestamp } from '../place.ts';
import { csvOf } from '../views/csv.ts';
import { chartsToDraw, documentsOf } from '../views/exhibits.ts';
import { fileTable } from '../views/pages.ts';
import { isAnswerLost, repeatable, waitingForRate } from './call-slack.ts';
import type { Poster } from './poster.ts';

const PICTURE_WIDTH_PX = 760;
const MOST_PICTURES = 3;

interface OutgoingFile {
  name: string;
  title: string;
  /** What it shows, for those who cannot look at it. */
  alt: string;
  bytes: Uint8Array;
}

/** Files that go with an answer, each sent once. */
export interface Files {
  /**
   * The pictures of charts that Slack's own block cannot show, and the whole of a table too long for pages.
   * A file that cannot be made or sent is logged: the answer stands without it.
   */
  attach(turnId: string, place: Place, answer: Answer): Promise<void>;
}

export function createFiles(parts: {
  clientFor: (teamId: string) => WebClient;
  poster: Poster;
  logger: Logger;
  draw: DrawChart;
  /** An invoice as PDF. */
  print: (document: InvoiceDocument) => Promise<Uint8Array>;
}): Files {
  const { clientFor, poster, logger, draw, print } = parts;

  async function made(turnId: string, answer: Answer): Promise<OutgoingFile[]> {
    // The name tells one answer's files from another's, so that a lost confirmation can be looked up.
    const mark = createHash('sha256').update(turnId).digest('hex').slice(0, 8);
    const files: OutgoingFile[] = [];
    for (const chart of chartsToDraw(answer.exhibits).slice(0, MOST_PICTURES)) {
      const picture = await draw(chart, { theme: 'light', widthPx: PICTURE_WIDTH_PX });
      const name = `${slug(chart.title)}-${mark}-${files.length + 1}.png`;
      files.push({ name, title: pictureTitle(chart), alt: picture.alt, bytes: picture.png });
    }
    const table = fileTable(answer.exhibits);
    if (table) {
      const alt = `${table.title}: ${table.rows.length} rows, ${table.columns.length} columns`;
      const bytes = new TextEncoder().encode(csvOf(table));
      files.push({ name: `${slug(table.title)}-${mark}.csv`, title: table.title, alt, bytes });
    }
    for (const { title, alt, document } of documentsOf(answer.exhibits)) {
      const name = `${slug(title)}-${mark}-${files.length + 1}.pdf`;
      files.push({ name, title, alt, bytes: await print(document) });
    }
    return files;
  }

  async function isThere(place: Place, name: string): Promise<boolean> {
    const page = await repeatable(() =>
      clientFor(place.teamId).conversations.replies({
        channel: place.channelId,
        ts: place.threadTs,
        limit: 200,
      }),
    );
    return (page.messages ?? []).some((message) => message.files?.some((file) => file.name === name));
  }

  async function send(key: string, place: Place, file: OutgoingFile): Promise<void> {
    const earlier = await poster.delivered(key);
    if (earlier?.state === 'posted') return;
    const at = { channelId: place.channelId, ts: null };
    const interrupted = earlier?.state === 'sending' && (await isThere(place, file.name));
    if (!interrupted) {
      await poster.note(key, 'sending', at);
      await upload(place, file);
    }
    await poster.note(key, 'posted', at);
  }

  async function upload(place: Place, file: OutgoingFile): Promise<void> {
    for (let attempt = 0; ; attempt += 1) {
      try {
        await waitingForRate(() =>
          clientFor(place.teamId).filesUploadV2({
            channel_id: place.channelId,
            thread_ts: place.threadTs,
            file: Buffer.from(file.bytes),
            filename: file.name,
            title: file.title,
            alt_text: file.alt.slice(0, 1000),
          }),
        );
        return;
      } catch (error) {
        if (!isAnswerLost(error) || attempt >= 2) throw error;
        if (await isThere(place, file.name)) return;
      }
    }
  }

  return {
    async attach(turnId, place, answer) {
      if (!isTimestamp(place.threadTs)) return;
      try {
        for (const [index, file] of (await made(turnId, answer)).entries())
          await send(`file:${turnId}:${index}`, place, file);
      } catch (error) {
        logger.error({ err: error, turnId }, 'a file could not be sent with its answer');
      }
    },
  };
}

function slug(title: string): string {
  const words = title
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
  return words.slice(0, 40) || 'file';
}
