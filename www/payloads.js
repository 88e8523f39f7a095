// What the simulated network has to offer: pages and mails, made by formula from a seed. The files in
// payloads/ were made by it, too.

/** A payload as bytes; nothing if there is none of that kind. */
const payloadOf = (() => {
  const KEPT_BYTES = 32 * 2 ** 20;
  const kept = new Map();
  let keptBytes = 0;

  const SENDERS = [
    ["Zoë Brandt", "zoe.brandt@example.org"],
    ["Łukasz Nowak", "lukasz@example.net"],
    ["Ada Thornton", "ada@example.com"],
    ["Mira Šimić", "mira.simic@example.org"],
    ["Kenji Sató", "kenji@example.net"],
    ["Build Server", "builds@example.com"],
    ["Inês Carvalho", "ines@example.org"],
    ["The Weekly Loop", "loop@example.net"],
    ["Søren Holm", "soren.holm@example.com"],
  ];
  const WORDS =
    `a the of to and in we it is for on with this that from not as are by at lanes threads processes worker
     waiting request answer server memory shared copies lock holder interval loop event future promise task queue
     result median sample measure machine core cores browser network latency packet socket file buffer write
     read flush disk cache page mail header body part boundary parser count sender subject weekday morning
     evening coffee meeting release review branch merge question naïve café façade über größer señal élan
     tomorrow yesterday budget travel garden bicycle weather thunder harbour mountain`.split(/\s+/);
  const DAYS = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"];
  const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

  // Numbers of [0, 1) that follow each other: Mulberry32 (Tommy Ettinger, public domain).
  function random(seed) {
    let state = 0x9e3779b9;
    for (const character of seed) state = Math.imul(state ^ character.codePointAt(0), 0x01000193);
    return () => {
      state = (state + 0x6d2b79f5) | 0;
      let word = Math.imul(state ^ (state >>> 15), 1 | state);
      word = (word + Math.imul(word ^ (word >>> 7), 61 | word)) ^ word;
      return ((word ^ (word >>> 14)) >>> 0) / 2 ** 32;
    };
  }

  const pick = (next, list) => list[Math.floor(next() * list.length)];

  // Of words, the first in the list are the most frequent.
  function sentence(next) {
    const length = 6 + Math.floor(next() * 12);
    const words = Array.from({ length }, () => WORDS[Math.floor(next() ** 2 * WORDS.length)]);
    words[0] = words[0][0].toUpperCase() + words[0].slice(1);
    return words.join(" ") + ".";
  }

  const sentences = (next, count) => Array.from({ length: count }, () => sentence(next)).join(" ");
  const utf8 = (text) => new TextEncoder().encode(text);
  const base64 = (bytes) => btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
  const hex = (byte) => "=" + byte.toString(16).toUpperCase().padStart(2, "0");
  const lines = (text, length) => text.match(new RegExp(`.{1,${length}}`, "g")).join("\r\n");

  // A page of so many bytes.
  function page(next, bytes) {
    const head = "<!doctype html>\n<html lang=\"en\">\n<title>A page</title>\n";
    let text = head;
    while (text.length < bytes) text += `<p>${sentences(next, 5)}</p>\n`;
    const page = utf8(text).slice(0, bytes);
    // A letter that the end of the page cuts in two.
    for (let at = bytes - 1; at >= 0 && page[at] >= 0x80; at--) page[at] = 0x20;
    return page;
  }

  // RFC 2045, section 6.7: lines of at most 76 characters, ended by "=" where the text has no end of line.
  function quotedPrintable(text) {
    const encode = (line) => {
      let [done, row] = ["", ""];
      for (const byte of utf8(line)) {
        const isPlain = byte >= 0x20 && byte < 0x7f && byte !== 0x3d;
        const letter = isPlain ? String.fromCharCode(byte) : hex(byte);
        if (row.length + letter.length > 75) [done, row] = [done + row + "=\r\n", ""];
        row += letter;
      }
      return done + row;
    };
    return text.split("\r\n").map(encode).join("\r\n");
  }

  // RFC 2047: words of a header that are not ASCII, by either of its two encodings.
  function encodedWord(text, byLetters) {
    if (/^[\x20-\x7e]*$/.test(text)) return text;
    if (!byLetters) return `=?utf-8?B?${base64(utf8(text))}?=`;
    const letter = (byte) => (/[0-9A-Za-z]/.test(String.fromCharCode(byte)) ? String.fromCharCode(byte) : byte === 0x20 ? "_" : hex(byte));
    return `=?utf-8?Q?${Array.from(utf8(text), letter).join("")}?=`;
  }

  // When it was written: on workdays rather than at the weekend, in the morning or the afternoon.
  function dateOf(next, which) {
    const day = Math.floor(which / 5) * 7 + Math.min(which % 5 + Math.floor(next() * 1.4), 6);
    const hour = Math.floor(next() < 0.55 ? 8 + next() * 4 : 12 + (next() + next()) * 5.9);
    const time = new Date(Date.UTC(2026, 0, 5 + day, hour, next() * 60, next() * 60));
    const two = (number) => String(number).padStart(2, "0");
    const clock = [time.getUTCHours(), time.getUTCMinutes(), time.getUTCSeconds()].map(two).join(":");
    const zone = pick(next, ["+0000", "+0100", "-0500", "+0900"]);
    return `${DAYS[time.getUTCDay()]}, ${two(time.getUTCDate())} ${MONTHS[time.getUTCMonth()]} 2026 ${clock} ${zone}`;
  }

  const part = (type, encoding, body) =>
    `Content-Type: ${type}\r\nContent-Transfer-Encoding: ${encoding}\r\n\r\n${body}\r\n`;

  // A mail (RFC 5322): plain text, text in two forms, or that with a file attached, one as often as the other.
  function mail(next, which) {
    const [name, address] = pick(next, SENDERS);
    const paragraphs = Array.from({ length: 20 + Math.floor(next() * 30) }, () => sentences(next, 5));
    const text = quotedPrintable(paragraphs.join("\r\n\r\n") + "\r\n");
    const boundary = `lanes-${which}-${Math.floor(next() * 2 ** 32).toString(36)}`;
    const head = [
      `Return-Path: <${address}>`,
      `From: ${encodedWord(name, which % 2)} <${address}>`,
      `To: "Reader" <reader@example.com>`,
      `Subject: ${encodedWord(sentence(next).slice(0, 30), which % 3)}`,
      `Date: ${dateOf(next, which)}`,
      `Message-ID: <${which}.${boundary}@example.org>`,
      "MIME-Version: 1.0",
    ];
    const plain = part("text/plain; charset=utf-8", "quoted-printable", text);
    if (which % 3 === 0) return utf8(head.join("\r\n") + "\r\n" + plain);

    const html = quotedPrintable(`<html><body>${paragraphs.map((p) => `<p>${p}</p>`).join("\r\n")}</body></html>`);
    const both = (mark) =>
      `--${mark}\r\n${plain}--${mark}\r\n${part("text/html; charset=utf-8", "quoted-printable", html)}--${mark}--\r\n`;
    if (which % 3 === 1) {
      return utf8(`${head.join("\r\n")}\r\nContent-Type: multipart/alternative;\r\n boundary="${boundary}"\r\n\r\n${both(boundary)}`);
    }
    const file = base64(Uint8Array.from({ length: 3000 + Math.floor(next() * 6000) }, () => next() * 256));
    const inner = boundary + "-text";
    return utf8(
      `${head.join("\r\n")}\r\nContent-Type: multipart/mixed; boundary="${boundary}"\r\n\r\n` +
        `--${boundary}\r\nContent-Type: multipart/alternative; boundary="${inner}"\r\n\r\n${both(inner)}` +
        `--${boundary}\r\nContent-Disposition: attachment; filename="notes.bin"\r\n` +
        part("application/octet-stream", "base64", lines(file, 76)) +
        `--${boundary}--\r\n`,
    );
  }

  function make(kind, which, seed, bytes) {
    const next = random(`${kind} ${which} ${seed}`);
    if (kind === "page") return page(next, bytes);
    if (kind === "mail") return mail(next, which);
  }

  return (kind, which, seed, bytes) => {
    const name = `${kind} ${which} ${seed} ${bytes}`;
    let payload = kept.get(name);
    if (payload) return payload;
    payload = make(kind, which, seed, bytes);
    if (!payload) return;
    if (keptBytes > KEPT_BYTES) {
      kept.clear();
      keptBytes = 0;
    }
    kept.set(name, payload);
    keptBytes += payload.length;
    return payload;
  };
})();
