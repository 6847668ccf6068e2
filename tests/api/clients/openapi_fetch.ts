// What a program does with openapi-fetch and the types that openapi-typescript makes.
import createClient from 'openapi-fetch';
import type { components, paths } from './made';

declare const process: { argv: string[] };
const [url, key, tag, id] = process.argv.slice(2);
const start = '2023-11-07T00:31:56-05:00';
const client = createClient<paths>({ baseUrl: url, headers: { 'X-API-Key': key } });

function must<T>(answer: { data?: T; error?: components['schemas']['Error'] }): T {
  if (answer.data === undefined) throw new Error(answer.error?.detail.message);
  return answer.data;
}

type Query = NonNullable<paths['/v1/calls']['get']['parameters']['query']>;

const list = async (query: Query) =>
  must(await client.GET('/v1/calls', { params: { query } })).data.map((call) => call.summary);

const get = (call_id: string) => client.GET('/v1/calls/{call_id}', { params: { path: { call_id } } });

async function main() {
  const unknown = await get('00000000-0000-4000-8000-000000000000');
  const result = {
    listed: await list({ limit: 2 }),
    started_at: must(await get(id)).started_at,
    in_time: await list({ started_gte: start, started_lte: start }),
    tagged: await list({ 'tags[]': [tag], tag_filter_mode: 'all' }),
    untagged: await list({ 'tags[]': [tag, 'x'], tag_filter_mode: 'exclude_any' }),
    unknown: unknown.error?.detail.code,
  };
  const body = { customer_number: '(212) 555-0123', language: 'cmn', started_at: start };
  const made = must(await client.POST('/v1/calls', { body }));
  const done = must(
    await client.PATCH('/v1/calls/{call_id}', {
      params: { path: { call_id: made.id } },
      body: { version: made.version, status: 'done', notes: null },
    }),
  );
  const created = [made.customer_number, made.language];
  console.log(JSON.stringify({ ...result, created, changed: [done.version, done.status] }));
}

main();
