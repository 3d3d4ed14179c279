// The prefix list: its bytes on the wire (docs/api.md), its digest, looking into it.

const HEAD = 49;
const SECTION_HEAD = 9;

/** Read an answer of GET /v1/prefixes; throws where it is none. */
export function readAnswer(buffer) {
  const view = new DataView(buffer);
  const magic = String.fromCharCode(...new Uint8Array(buffer, 0, 4));
  if (magic !== "BWP1") throw new RangeError("not a prefix list");
  const gone = readSection(buffer, HEAD);
  const come = readSection(buffer, gone.end);
  return {
    whole: view.getUint8(4) === 1,
    version: Number(view.getBigUint64(5)),
    count: view.getUint32(13),
    digest: new Uint8Array(buffer, 17, 32),
    gone: gone.numbers,
    come: come.numbers,
  };
}

// Sorted numbers in Rice's code: each difference as a quotient in ones, a zero, k low bits.
function readSection(buffer, start) {
  const view = new DataView(buffer, start);
  const count = view.getUint32(0);
  const k = view.getUint8(4);
  const size = view.getUint32(5);
  const bytes = new Uint8Array(buffer, start + SECTION_HEAD, size);
  // A number takes k bits and one at least: a count beyond that would ask for memory in vain.
  if (k > 31 || count > (size * 8) / (k + 1)) throw new RangeError("not a section of prefixes");
  const numbers = new Uint32Array(count);
  const bits = size * 8;
  let place = 0;
  let last = 0;
  for (let index = 0; index < count; index += 1) {
    let quotient = 0;
    while (place < bits && (bytes[place >> 3] >> (place & 7)) & 1) {
      quotient += 1;
      place += 1;
    }
    place += 1;
    let low = 0;
    for (let got = 0; got < k; ) {
      const offset = place & 7;
      const taken = Math.min(8 - offset, k - got);
      low += ((bytes[place >> 3] >> offset) & ((1 << taken) - 1)) * 2 ** got;
      got += taken;
      place += taken;
    }
    last += quotient * 2 ** k + low;
    numbers[index] = last;
  }
  return { numbers, end: start + SECTION_HEAD + size };
}

/** Take prefixes out of a sorted list and put others in; all are sorted. */
export function changed(prefixes, gone, come) {
  const next = new Uint32Array(prefixes.length + come.length);
  let length = 0;
  let out = 0;
  let inward = 0;
  for (const prefix of prefixes) {
    while (inward < come.length && come[inward] < prefix) next[length++] = come[inward++];
    while (out < gone.length && gone[out] < prefix) out += 1;
    if (gone[out] !== prefix && come[inward] !== prefix) next[length++] = prefix;
  }
  while (inward < come.length) next[length++] = come[inward++];
  return next.slice(0, length);
}

/** Digest a list as the service does: SHA-256 over its prefixes in network order. */
export async function digestOf(prefixes) {
  const view = new DataView(new ArrayBuffer(prefixes.length * 4));
  for (let index = 0; index < prefixes.length; index += 1) view.setUint32(index * 4, prefixes[index]);
  return new Uint8Array(await crypto.subtle.digest("SHA-256", view.buffer));
}

/** Say whether a sorted list has a prefix. */
export function has(prefixes, prefix) {
  let low = 0;
  let high = prefixes.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (prefixes[middle] < prefix) low = middle + 1;
    else high = middle;
  }
  return prefixes[low] === prefix;
}
