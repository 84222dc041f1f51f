import { Agent, request } from 'undici';

// POSTs a body of this size again and again, so many at once, and nothing else: what the HTTP client of the service can do.
const [url = '', count, concurrency, bodyBytes] = process.argv.slice(2);
const body = 'x'.repeat(Number(bodyBytes));
const dispatcher = new Agent();
let left = Number(count);

async function worker(): Promise<void> {
  while (left > 0) {
    left -= 1;
    const answer = await request(url, {
      method: 'POST',
      body,
      dispatcher,
      headers: { 'content-type': 'application/json' },
    });
    await answer.body.dump();
    if (answer.statusCode !== 204) throw new Error(`A bare POST was answered ${answer.statusCode}.`);
  }
}

await Promise.all(Array.from({ length: Number(concurrency) }, worker));
await dispatcher.close();
