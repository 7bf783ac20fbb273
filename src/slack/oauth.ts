import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import type { Clock } from '../lib/clock.ts';
import { type HttpAnswer, type HttpRequest, headerOf } from '../lib/http-exchange.ts';
import type { Logger } from '../lib/logger.ts';
import type { Installations } from './installations.ts';
import type { OAuthExchange } from './oauth-exchange.ts';

export const INSTALL_PATH = '/slack/install';
export const CALLBACK_PATH = '/slack/oauth/callback';

const STATE_LIVES_MS = 10 * 60 * 1000;
const COOKIE = 'psi_install';

/** What the browser brings back from Slack. */
const callbackSchema = z.object({
  state: z.string().max(500),
  code: z.string().min(1).max(500).optional(),
  error: z.string().max(100).optional(),
});

/** The installation into a workspace: to Slack and back, with a state that only this browser and this bot share. */
export interface InstallFlow {
  begin(request: HttpRequest): HttpAnswer;
  complete(request: HttpRequest): Promise<HttpAnswer>;
}

export function createInstallFlow(parts: {
  clientId: string;
  secretKey: Buffer;
  publicUrl: string | null;
  authorizeUrl: string;
  scopes: readonly string[];
  exchange: OAuthExchange;
  installations: Installations;
  /** Runs when a workspace has been added. */
  onInstalled(teamId: string): Promise<void>;
  clock: Clock;
  logger: Logger;
}): InstallFlow {
  const { clock, exchange, installations, logger } = parts;
  const redirectUri = parts.publicUrl && new URL(CALLBACK_PATH, parts.publicUrl).href;
  const isSecure = parts.publicUrl?.startsWith('https:') ?? false;
  const states = createStates(parts.secretKey, clock);

  return {
    begin(request) {
      const { state, nonce } = states.issue();
      const url = new URL(parts.authorizeUrl);
      url.searchParams.set('client_id', parts.clientId);
      url.searchParams.set('scope', parts.scopes.join(','));
      url.searchParams.set('state', state);
      if (redirectUri) url.searchParams.set('redirect_uri', redirectUri);
      const { team } = request.query;
      if (typeof team === 'string') url.searchParams.set('team', team.slice(0, 40));
      return {
        status: 302,
        headers: { location: url.href, 'set-cookie': cookie(nonce, isSecure) },
        body: '',
      };
    },

    async complete(request) {
      const query = callbackSchema.safeParse(request.query);
      const nonce = nonceOf(headerOf(request, 'cookie') ?? '');
      if (!query.success || !states.take(query.data.state, nonce))
        return page(400, 'This link is no longer good. Begin again at /slack/install.');
      if (query.data.code === undefined) return page(200, 'Psi was not installed; nothing has changed.');
      try {
        const grant = await exchange.redeem(query.data.code, redirectUri);
        if ('orgWide' in grant) {
          await giveBack(grant.botToken);
          return page(403, 'Psi is installed into one workspace at a time, not into a whole organisation.');
        }
        if (!installations.admits(grant.teamId)) {
          await giveBack(grant.botToken);
          return page(403, `Psi answers with one company's numbers and is not open to ${grant.teamName}.`);
        }
        await installations.add(grant);
        await parts.onInstalled(grant.teamId);
        logger.info({ teamId: grant.teamId, by: grant.installedBy }, 'Psi was installed');
        return page(200, `Psi is installed in ${grant.teamName}. Write to it there.`);
      } catch (error) {
        logger.error({ err: error }, 'an installation failed');
        return page(502, 'Slack did not complete the installation. Begin again at /slack/install.');
      }
    },
  };

  /** A token that will not be used is not kept alive either. */
  async function giveBack(botToken: string): Promise<void> {
    await exchange.revoke(botToken).catch((error: unknown) => {
      logger.warn({ err: error }, 'a refused installation could not be given back');
    });
  }
}

/** States as `nonce.until.signature`, each good once, for ten minutes, in the browser that holds the nonce. */
function createStates(key: Buffer, clock: Clock) {
  const used = new Map<string, number>();
  const sign = (text: string) => createHmac('sha256', key).update(`install ${text}`).digest('base64url');
  return {
    issue() {
      const nonce = randomBytes(18).toString('base64url');
      const text = `${nonce}.${clock.now() + STATE_LIVES_MS}`;
      return { state: `${text}.${sign(text)}`, nonce };
    },
    take(state: string, nonce: string): boolean {
      const [given = '', until = '', signature = ''] = state.split('.');
      const isGenuine = same(signature, sign(`${given}.${until}`)) && same(given, nonce);
      if (!isGenuine || clock.now() > Number(until) || used.has(given)) return false;
      for (const [old, at] of used) if (clock.now() > at) used.delete(old);
      used.set(given, Number(until));
      return true;
    },
  };
}

function same(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}

function cookie(nonce: string, isSecure: boolean): string {
  const parts = [`${COOKIE}=${nonce}`, 'Path=/slack/oauth', 'HttpOnly', 'SameSite=Lax'];
  return [...parts, `Max-Age=${STATE_LIVES_MS / 1000}`, ...(isSecure ? ['Secure'] : [])].join('; ');
}

function nonceOf(header: string): string {
  const pairs = header.split(';').map((pair) => pair.trim().split('='));
  return pairs.find(([name]) => name === COOKIE)?.[1] ?? '';
}

function page(status: number, sentence: string): HttpAnswer {
  const safe = sentence.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
  return {
    status,
    headers: { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' },
    body: `<!DOCTYPE html><meta charset="utf-8"><title>Psi</title><p>${safe}</p>\n`,
  };
}
