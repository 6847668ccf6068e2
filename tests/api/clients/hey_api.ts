// What a program does with the client that @hey-api/openapi-ts makes.
import { createCall, getCall, listCalls, updateCall } from './made';
import type { CallList, ListCallsData } from './made';
import { client } from './made/client.gen';

declare const process: { argv: string[] };
const [url, key, tag, id] = process.argv.slice(2);
const start = '2023-11-07T00:31:56-05:00';

const summaries = (page: CallList) => page.data.map((call) => call.summary);

const list = async (query: ListCallsData['query']) =>
  summaries((await listCalls({ query, throwOnError: true })).data);

async function main() {
  client.setConfig({ baseUrl: url, auth: key });
  const call = (await getCall({ path: { call_id: id }, throwOnError: true })).data;
  const unknown = await getCall({ path: { call_id: '00000000-0000-4000-8000-000000000000' } });
  const result = {
    listed: await list({ limit: 2 }),
    started_at: call.started_at,
    in_time: await list({ started_gte: start, started_lte: start }),
    tagged: await list({ 'tags[]': [tag], tag_filter_mode: 'all' }),
    untagged: await list({ 'tags[]': [tag, 'x'], tag_filter_mode: 'exclude_any' }),
    unknown: unknown.error?.detail.code,
  };
  const body = { customer_number: '(212) 555-0123', language: 'cmn', started_at: start };
  const made = (await createCall({ body, throwOnError: true })).data;
  const done = (
    await updateCall({
      path: { call_id: made.id },
      body: { version: made.version, status: 'done', notes: null },
      throwOnError: true,
    })
  ).data;
  const created = [made.customer_number, made.language];
  console.log(JSON.stringify({ ...result, created, changed: [done.version, done.status] }));
}

main();
