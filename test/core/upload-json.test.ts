import { describe, expect, it } from 'vitest';
import { BodyGuard } from '../../src/http/upload/guard.js';
import { readJsonUpload } from '../../src/http/upload/json.js';
import { placesMax, placesPerFamilyMax, UploadPlaces } from '../../src/http/upload/places.js';

async function* inPieces(text: string, bytes: number): AsyncGenerator<Buffer> {
  const whole = Buffer.from(text);
  for (let at = 0; at < whole.length; at += bytes)
    yield await Promise.resolve(whole.subarray(at, at + bytes));
}

async function read(
  text: string,
  bytes = text.length + 1,
): Promise<{ document: unknown; file: Buffer | undefined }> {
  let file: Buffer | undefined;
  const document = await readJsonUpload(inPieces(text, bytes), async (content) => {
    const chunks: Buffer[] = [];
    for await (const chunk of content) chunks.push(chunk);
    file = Buffer.concat(chunks);
  });
  return { document, file };
}

const bytes = Buffer.from(Array.from({ length: 256 }, (_, n) => n));
const encoded = bytes.toString('base64');

describe('a JSON document with a file', () => {
  it('is the same however it is cut into pieces', async () => {
    const lines = encoded.replace(/(.{20})/g, '$1\\r\\n').replaceAll('/', '\\/');
    const text = `{"filename":"é \\"content_base64\\":\\"x\\" 👩‍🚀", "content_base64" : "${lines}" ,"more":{"content_base64":"y"}}`;
    const expected = {
      filename: 'é "content_base64":"x" 👩‍🚀',
      content_base64: '',
      more: { content_base64: 'y' },
    };
    for (const size of [1, 2, 3, 5, 7, 64, 1000]) {
      expect(await read(text, size)).toEqual({ document: expected, file: bytes });
    }
  });

  it('is found when its name or its text is spelt with escapes', async () => {
    expect((await read(`{"content\\u005fbase64":"${encoded}"}`)).file).toEqual(bytes);
    expect((await read('{"content_base64":"QU\\u004a\\u0044"}', 1)).file).toEqual(Buffer.from('ABC'));
  });

  it.each(['QQ==', 'QQ', 'Q Q = =', ''])('takes the base64 %j as other readers do', async (text) => {
    expect((await read(JSON.stringify({ content_base64: text }), 2)).file).toEqual(Buffer.from(text && 'A'));
  });

  it.each(['Q', 'QR==', 'QQ=A', 'QQ==QQ==', 'Q-_Q', 'é', 'not base64!', '\u0000', 'QU\\JD'])(
    'refuses %j as base64',
    async (text) => {
      for (const size of [1, 3, 1000]) {
        await expect(read(JSON.stringify({ content_base64: text }), size)).rejects.toMatchObject({
          details: { field: 'content_base64' },
        });
      }
    },
  );

  it.each([
    '{"content_base64":"QQ==',
    '{"content_base64":"QQ==\\',
    '{"content_base64":"QQ=="',
    '{"content_base64":"Q\nQ"}',
    '{"content_base64":"QQ==","content_base64":"QQ=="}',
    '"content_base64":"QQ=="',
    '{',
  ])('is refused when it is %j', async (text) => {
    for (const size of [1, 1000])
      await expect(read(text, size)).rejects.toMatchObject({ details: { field: 'body' } });
  });

  it.each([
    '[]',
    'null',
    '"x"',
    '1',
    '["content_base64","QQ=="]',
    '{"content_base64":7}',
    '{"a":{"content_base64":"!"}}',
  ])('is none in %j', async (text) => {
    expect(await read(text)).toEqual({ document: JSON.parse(text) as unknown, file: undefined });
  });

  it('may have 1 MiB beside its file', async () => {
    const beside = (length: number) =>
      JSON.stringify({ filename: 'x'.repeat(length), content_base64: 'QQ==' });
    expect((await read(beside(1_000_000), 65_536)).file).toEqual(Buffer.from('A'));
    await expect(read(beside(1_100_000), 65_536)).rejects.toMatchObject({ details: { field: 'body' } });
  });
});

describe('the guard of a body', () => {
  const pass = async (guard: BodyGuard, text: string, size: number): Promise<string> => {
    const out: Buffer[] = [];
    guard.on('data', (chunk: Buffer) => out.push(chunk));
    const over = new Promise<void>((resolve, reject) => guard.once('end', resolve).once('error', reject));
    for await (const piece of inPieces(text, size)) guard.write(piece);
    guard.end();
    await over;
    return Buffer.concat(out).toString();
  };

  it('lets through what is in its bounds, and not a byte or a delimiter more, however it is cut', async () => {
    const text = 'a\r\n--xb\r\n--xc';
    for (const size of [1, 3, 100]) {
      expect(await pass(new BodyGuard(text.length, 'x', 2), text, size)).toBe(text);
      await expect(pass(new BodyGuard(text.length - 1, 'x', 2), text, size)).rejects.toMatchObject({
        code: 'invalid_input',
      });
      await expect(pass(new BodyGuard(text.length, 'x', 1), text, size)).rejects.toMatchObject({
        code: 'invalid_input',
      });
    }
  });
});

describe('places for uploads', () => {
  it('are shared: one family has its part, others find room beside it, and who leaves makes room', async () => {
    const places = new UploadPlaces();
    const leave: (() => void)[] = [];
    for (let n = 0; n < placesPerFamilyMax; n++) leave.push(await places.enter(1));
    let entered = false;
    const waiting = places.enter(1).then((free) => {
      entered = true;
      return free;
    });
    const other = await places.enter(2);
    expect(entered).toBe(false);
    leave[0]?.();
    leave[0]?.();
    (await waiting)();
    other();
  });

  it('are bounded in all, and so is the number of those who wait', async () => {
    const places = new UploadPlaces();
    const leave = await Promise.all(Array.from({ length: placesMax }, (_, n) => places.enter(n)));
    const waiting = Array.from({ length: placesPerFamilyMax }, () => places.enter(99));
    await expect(places.enter(99)).rejects.toMatchObject({ code: 'rate_limited' });
    for (const free of leave) free();
    for (const free of await Promise.all(waiting)) free();
    (await places.enter(99))();
  });
});
