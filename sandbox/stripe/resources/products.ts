import type { ProductRecord } from '../../world/records.ts';
import type { Books } from '../books.ts';
import { type StripeObject, seconds } from '../json.ts';
import { flag, instantRange, metadata, pageParameters, parameters, text } from '../parameters.ts';
import { listing, mergedMetadata, type Route, route } from '../route.ts';

export function renderProduct(product: ProductRecord, books: Books): StripeObject {
  const note = books.annotation(product.id);
  return {
    id: product.id,
    object: 'product',
    active: note.active ?? true,
    created: seconds(product.createdAt),
    default_price: null,
    description: note.description ?? null,
    images: [],
    livemode: false,
    marketing_features: [],
    metadata: note.metadata ?? {},
    name: product.name,
    package_dimensions: null,
    shippable: null,
    statement_descriptor: null,
    tax_code: null,
    tax_details: null,
    type: 'service',
    unit_label: null,
    updated: seconds(product.createdAt),
    url: null,
  };
}

export const productRoutes: Route[] = [
  route({
    method: 'GET',
    path: '/v1/products',
    params: parameters({ ...pageParameters, created: instantRange.optional(), active: flag.optional() }),
    run: ({ books, params }) =>
      listing({
        index: books.index.products,
        url: '/v1/products',
        thing: 'product',
        page: params,
        read: (id) => {
          const matches =
            params.active === undefined || (books.annotation(id).active ?? true) === params.active;
          return matches ? books.world.get('products', id) : undefined;
        },
        render: (product) => renderProduct(product, books),
      }),
  }),
  route({
    method: 'GET',
    path: '/v1/products/:id',
    params: parameters({}),
    run: ({ id, books }) => renderProduct(books.require('products', 'product', id), books),
  }),
  route({
    method: 'POST',
    path: '/v1/products',
    params: parameters({
      name: text,
      active: flag.optional(),
      description: text.optional(),
      metadata: metadata.optional(),
    }),
    run: ({ books, params, effect }) => {
      const product: ProductRecord = {
        id: books.world.newId('prod'),
        name: params.name,
        createdAt: books.now(),
      };
      books.annotate(product.id, {
        active: params.active ?? true,
        description: params.description ?? null,
        metadata: mergedMetadata({}, params.metadata),
      });
      books.world.put('products', product);
      books.world.emit({
        at: product.createdAt,
        type: 'product.created',
        collection: 'products',
        id: product.id,
      });
      const rendered = renderProduct(product, books);
      effect({ kind: 'product.created', customer: null, payload: rendered });
      return rendered;
    },
  }),
];
