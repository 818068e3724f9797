import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import type { S3Place } from './s3-place.ts';
import { tryS3Place } from './try-s3-place.ts';

type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** A stand-in for servers that are odd in a way that no real one here is. */
async function aPlaceAt(answer: Answer): Promise<S3Place> {
  const server = createServer((request, response) => {
    request.resume().on('end', () => answer(request, response));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(async () => {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  });
  const { port } = server.address() as AddressInfo;
  const credentials = { accessKeyId: 'A', secretAccessKey: 'S' };
  const endpoint = `http://127.0.0.1:${port}`;
  return { kind: 's3', bucket: 'bucket', prefix: '', region: 'eu-west-1', endpoint, addressing: 'path', credentials };
}

const EMPTY_LIST =
  '<?xml version="1.0"?><ListBucketResult><Name>bucket</Name><KeyCount>0</KeyCount><IsTruncated>false</IsTruncated></ListBucketResult>';
const refusal = (code: string): string =>
  `<?xml version="1.0"?><Error><Code>${code}</Code><Message>no</Message></Error>`;

test('a server that ignores the condition of a write cannot hold the store', async () => {
  const place = await aPlaceAt(({ method }, response) => {
    if (method === 'GET') return void response.end(EMPTY_LIST);
    return void response.setHeader('etag', '"1"').end();
  });
  expect(await tryS3Place(place, 'dev')).toMatchObject({ step: 'writeOnce', failure: 'unsupported' });
});

test('a bucket of another region says where it is', async () => {
  const place = await aPlaceAt((_request, response) => {
    response.writeHead(301, { 'x-amz-bucket-region': 'us-west-2' }).end(refusal('PermanentRedirect'));
  });
  expect(await tryS3Place(place, 'dev')).toMatchObject({ step: 'reach', failure: 'wrongRegion', region: 'us-west-2' });
});

test('a right that is missing is named by what it is needed for', async () => {
  const removed: string[] = [];
  const place = await aPlaceAt(({ method, url = '' }, response) => {
    if (method === 'DELETE') removed.push(url);
    if (method === 'PUT') return void response.writeHead(403).end(refusal('AccessDenied'));
    return void response.end(method === 'GET' ? EMPTY_LIST : '');
  });
  const problem = await tryS3Place(place, 'dev');
  expect(problem).toMatchObject({ step: 'write', failure: 'forbidden', word: 'AccessDenied' });
  expect(removed.every((url) => url.startsWith('/bucket/mstr/.incoming/dev/'))).toBe(true);
});

test('a server that does not understand is not waited for', async () => {
  const place = await aPlaceAt((_request, response) => void response.writeHead(500).end('<html>oops</html>'));
  expect(await tryS3Place(place, 'dev')).toMatchObject({ step: 'reach', failure: 'other' });
});
