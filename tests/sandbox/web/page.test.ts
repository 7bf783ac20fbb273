import Fastify, { type FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answerErrorsAsJson } from '../../../sandbox/core/http-server.ts';
import { registerPage } from '../../../sandbox/web/page-routes.ts';

let app: FastifyInstance;

beforeAll(() => {
  app = Fastify();
  answerErrorsAsJson(app, () => undefined);
  registerPage(app);
});

afterAll(() => app.close());

describe('the web page', () => {
  it.each([
    ['/', 'text/html; charset=utf-8'],
    ['/page/app.js', 'text/javascript; charset=utf-8'],
    ['/page/style.css', 'text/css; charset=utf-8'],
    ['/page/icon.svg', 'image/svg+xml'],
  ])('serves %s as %s and lets nothing in from elsewhere', async (url, type) => {
    const answer = await app.inject(url);
    expect(answer.statusCode).toBe(200);
    expect(answer.headers['content-type']).toBe(type);
    const policy = String(answer.headers['content-security-policy']);
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self'");
    expect(policy).not.toContain('unsafe');
  });

  it('says that it is a simulation and how a real workspace is connected', async () => {
    const { body } = await app.inject('/');
    expect(body).toContain('This is a simulation.');
    expect(body).toContain('Connect a real workspace');
  });

  it('names only files that are there', async () => {
    const { body } = await app.inject('/');
    const named = [...body.matchAll(/(?:src|href)="(\/page\/[^"]+)"/g)].map((match) => String(match[1]));
    expect(named.length).toBeGreaterThan(2);
    for (const url of named) expect((await app.inject(url)).statusCode).toBe(200);
  });

  it.each(['/page/..%2f..%2f..%2fpackage.json', '/page/page-routes.ts', '/page/nothing.js', '/page/.env'])(
    'gives nothing at %s',
    async (url) => {
      expect((await app.inject(url)).statusCode).toBe(404);
    },
  );
});
