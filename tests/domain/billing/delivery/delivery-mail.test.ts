import { describe, expect, it } from 'vitest';
import { deliveryMail } from '../../../../src/domain/billing/delivery/delivery-mail.ts';
import { writeAmount } from '../../../../src/domain/billing/document/amounts.ts';
import { LANGUAGES } from '../../../../src/domain/billing/document/invoice-document.ts';
import { exampleDocument } from '../document/example-document.ts';

describe('the mail that brings an invoice', () => {
  it.each(LANGUAGES)('says in %s number, amount, day and link, in text as in HTML', (language) => {
    const document = exampleDocument({ language });
    const mail = deliveryMail(document, { name: 'Ann Ap' });
    const amount = writeAmount(document.totals.dueMinor, document.currency, language);
    expect(mail.subject).toContain(document.number);
    for (const part of [mail.text, mail.html]) {
      expect(part).toContain('Ann Ap');
      expect(part).toContain(document.number);
      expect(part).toContain(amount);
      expect(part).toContain(document.payment.url);
      expect(part).toContain(document.seller.email);
    }
    expect(mail.html).toContain(`<html lang="${language}">`);
  });

  it('says the same in no two languages', () => {
    const texts = LANGUAGES.map(
      (language) => deliveryMail(exampleDocument({ language }), { name: 'A' }).text,
    );
    expect(new Set(texts).size).toBe(LANGUAGES.length);
  });

  it('lets nothing that is written into it become markup', () => {
    const evil = '<img src=x onerror="alert(1)">';
    const { html } = deliveryMail(exampleDocument({ number: evil }), { name: evil });
    expect(html).not.toContain('<img');
    expect(html).toContain('&lt;img');
  });

  it('reads in order without its styles: heading cells for every value, and a link that says where it leads', () => {
    const { html } = deliveryMail(exampleDocument(), { name: 'Ann' });
    expect(html.match(/<th scope="row"/g)).toHaveLength(html.match(/<td/g)?.length ?? 0);
    expect(html).toMatch(/<a [^>]*>View and pay the invoice online<\/a>/);
    expect(html).not.toContain('<img');
  });

  it('asks for nothing where a card is charged, and names no day', () => {
    const mail = deliveryMail(exampleDocument({ dueOn: null }), { name: 'Ann' });
    expect(mail.text).toContain('you need not do anything');
    expect(mail.text).not.toMatch(/Please pay it by|Due:/);
  });
});
