// An independent reading of docs/sealed-bids.md in plain WebCrypto: node check_vector.mjs vector.json
import { webcrypto } from "node:crypto";
import { readFileSync } from "node:fs";

const { subtle } = webcrypto;
const vector = JSON.parse(readFileSync(process.argv[2], "utf8"));
const { given, computed, sealed } = vector;
const utf8 = (text) => new TextEncoder().encode(text);
const raw = (text) => new Uint8Array(Buffer.from(text, "base64url"));
const text = (bytes) => Buffer.from(bytes).toString("base64url");
const hex = (bytes) => Buffer.from(bytes).toString("hex");
const join = (...parts) => new Uint8Array(Buffer.concat(parts.map((part) => Buffer.from(part))));
const u32 = (number) => new Uint8Array([number >>> 24, number >>> 16, number >>> 8, number]);
const sha256 = async (bytes) => hex(await subtle.digest("SHA-256", bytes));
const xor = (a, b) => a.map((byte, place) => byte ^ b[place]);

async function hmac(hash, key, data) {
  const imported = await subtle.importKey("raw", key, { name: "HMAC", hash }, false, ["sign"]);
  return new Uint8Array(await subtle.sign("HMAC", imported, data));
}

// Canonical JSON of the closed profile: sorted keys, no white space; enough for what stands in the vector.
function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  const fields = Object.keys(value).sort().map((key) => `${JSON.stringify(key)}:${canonical(value[key])}`);
  return `{${fields.join(",")}}`;
}

async function verify(publicKey, domain, value, signature) {
  const key = await subtle.importKey("raw", raw(publicKey), "Ed25519", false, ["verify"]);
  return subtle.verify("Ed25519", key, raw(signature), join(utf8(domain), [0], utf8(canonical(value))));
}

async function verifyPaper(publicKey, domain, spelling) {
  const { signature, ...claims } = JSON.parse(spelling);
  return canonical(JSON.parse(spelling)) === spelling && verify(publicKey, domain, claims, signature);
}

// HPKE (RFC 9180), mode base, DHKEM(P-256, HKDF-SHA256), HKDF-SHA256, AES-128-GCM, empty aad.
const KEM_SUITE = join(utf8("KEM"), [0, 0x10]);
const HPKE_SUITE = join(utf8("HPKE"), [0, 0x10], [0, 1], [0, 1]);

const extract = (suite, salt, label, ikm) =>
  hmac("SHA-256", salt.length ? salt : new Uint8Array(32), join(utf8("HPKE-v1"), suite, utf8(label), ikm));

async function expand(suite, prk, label, info, size) {
  const labelled = join([0, size], utf8("HPKE-v1"), suite, utf8(label), info, [1]);
  return (await hmac("SHA-256", prk, labelled)).slice(0, size); // one block suffices: size <= 32
}

async function hpkeOpen(privateKey, publicKey, message, info) {
  const point = raw(publicKey);
  const jwk = { kty: "EC", crv: "P-256", d: privateKey, x: text(point.slice(1, 33)), y: text(point.slice(33)) };
  const curve = { name: "ECDH", namedCurve: "P-256" };
  const mine = await subtle.importKey("jwk", jwk, curve, false, ["deriveBits"]);
  const enc = message.slice(0, 65);
  const theirs = await subtle.importKey("raw", enc, curve, false, []);
  const dh = new Uint8Array(await subtle.deriveBits({ name: "ECDH", public: theirs }, mine, 256));
  const eaePrk = await extract(KEM_SUITE, [], "eae_prk", dh);
  const shared = await expand(KEM_SUITE, eaePrk, "shared_secret", join(enc, point), 32);
  const pskHash = await extract(HPKE_SUITE, [], "psk_id_hash", []);
  const infoHash = await extract(HPKE_SUITE, [], "info_hash", info);
  const secret = await extract(HPKE_SUITE, shared, "secret", []);
  const context = join([0], pskHash, infoHash);
  const aead = await subtle.importKey("raw", await expand(HPKE_SUITE, secret, "key", context, 16), "AES-GCM", false, ["decrypt"]);
  const iv = await expand(HPKE_SUITE, secret, "base_nonce", context, 12);
  return new Uint8Array(await subtle.decrypt({ name: "AES-GCM", iv }, aead, message.slice(65)));
}

// C2SP chunked-encryption, Cobblestone-128.
async function cobblestoneOpen(key, context, ciphertext) {
  const label = join(utf8("c2sp.org/chunked-encryption@v1+AEAD_AES_128_GCM"), [0]);
  const material = await hmac("SHA-512", key, join(label, ciphertext.slice(0, 24), context, [1]));
  if (hex(material.slice(28, 60)) !== hex(ciphertext.slice(24, 56))) throw new Error("wrong key or context");
  const aead = await subtle.importKey("raw", material.slice(0, 16), "AES-GCM", false, ["decrypt"]);
  const plain = [];
  for (let chunk = 0, at = 56; ; chunk += 1, at += 16400) {
    const iv = material.slice(16, 28);
    u32(chunk).forEach((byte, place) => { iv[8 + place] ^= byte; });
    const piece = ciphertext.slice(at, at + 16400);
    plain.push(new Uint8Array(await subtle.decrypt({ name: "AES-GCM", iv }, aead, piece)));
    if (piece.length < 16400) return join(...plain);
  }
}

// GF(256) with the polynomial of AES; a share is y bytes and x.
function times(a, b) {
  let product = 0;
  for (; b; b >>= 1) {
    if (b & 1) product ^= a;
    a = (a << 1) ^ (a & 0x80 ? 0x11b : 0);
  }
  return product;
}
const inverse = (a) => [...Array(253)].reduce((power) => times(power, a), a); // a to the power 254

function combine(first, second) {
  const [x, y] = [first[16], second[16]];
  const weight = times(y, inverse(x ^ y));
  const other = times(x, inverse(x ^ y));
  return first.slice(0, 16).map((byte, place) => times(weight, byte) ^ times(other, second[place]));
}

const announced = JSON.parse(computed.announced_keys);
const envelope = JSON.parse(sealed.envelope);
const statement = JSON.parse(computed.statement);
const context = utf8(computed.context);
const commit = (label, value) => sha256(join(context, utf8(`|${label}`), [0], value));
const publicKeys = computed.signing_public_keys;
const checks = {};

checks["k_t and token"] = async () => {
  const kT = await hmac("SHA-256", raw(given.registry_secret), utf8(`ggzy-token/v1|${announced.tender}`));
  const token = await hmac("SHA-256", kT, utf8(`${given.party.scheme}|${given.party.id}`));
  return text(kT) === computed.k_t && hex(token) === computed.token && envelope.token === computed.token;
};
checks["context"] = async () =>
  ["gov-bid/v1", envelope.tender, envelope.lot, envelope.bid, envelope.token].join("|") === computed.context;
checks["announced keys"] = async () => (await sha256(utf8(computed.announced_keys))) === computed.announced_keys_digest;
checks["envelope is canonical and names the body"] = async () => {
  const body = raw(sealed.body);
  return canonical(envelope) === sealed.envelope && envelope.body.size === body.length && envelope.body.sha256 === (await sha256(body));
};
checks["commitments to both halves"] = async () =>
  envelope.commitments.k_b === (await commit("k_b", raw(given.k_b))) && envelope.commitments.k_a === (await commit("k_a", raw(given.k_a)));
envelope.wraps.forEach((wrap, place) => {
  checks[`share of ${wrap.authority}`] = async () => {
    const publicKey = announced.authorities[wrap.authority];
    const info = utf8(`${computed.context}|${place + 1}`);
    const share = await hpkeOpen(given.hpke_private_keys[wrap.authority], publicKey, raw(wrap.sealed), info);
    const committed = await commit(`share|${place + 1}`, share);
    return wrap.key === (await sha256(raw(publicKey))) && text(share) === computed.shares[place] && committed === envelope.commitments.shares[place];
  };
});
for (const [i, j] of [[0, 1], [0, 2], [1, 2]]) {
  checks[`shares ${i + 1} and ${j + 1} give K_A`] = async () =>
    text(combine(raw(computed.shares[i]), raw(computed.shares[j]))) === given.k_a;
}
checks["bidder's key file"] = async () => {
  const { k_b: kB, ...ids } = JSON.parse(sealed.bidder_key_file);
  const { tender, lot, bid, token } = envelope;
  return kB === given.k_b && canonical(ids) === canonical({ v: 1, kind: "bidder-key", tender, lot, bid, token });
};
checks["body key"] = async () => text(xor(raw(given.k_b), raw(given.k_a))) === computed.body_key;
checks["body opens to statement and documents"] = async () => {
  const plain = await cobblestoneOpen(raw(computed.body_key), context, raw(sealed.body));
  const head = utf8(computed.statement);
  const files = statement.documents.map((document) => raw(given.documents[document.name]));
  for (const [place, file] of files.entries()) {
    if (statement.documents[place].sha256 !== (await sha256(file))) return false;
  }
  return hex(plain) === hex(join(u32(head.length), head, ...files));
};
checks["body does not open in another lot"] = async () => {
  const elsewhere = utf8(computed.context.replace("lot-1", "lot-2"));
  return cobblestoneOpen(raw(computed.body_key), elsewhere, raw(sealed.body)).then(() => false, () => true);
};
checks["statement signature"] = async () => {
  const { party_signature: by, ...offer } = statement;
  const known = by.public_key === publicKeys.account && canonical(statement) === computed.statement;
  return known && verify(by.public_key, "ggzy-statement/v1", offer, by.signature);
};
for (const kind of ["submit", "withdraw", "cover"]) {
  checks[`message ${kind}`] = async () => {
    const message = raw(sealed.messages[kind]);
    const info = utf8(`gov-meaning/v1|${announced.tender}|${computed.token}`);
    const padded = await hpkeOpen(given.hpke_private_keys.meaning, announced.meaning, message, info);
    const size = new DataView(padded.buffer).getUint32(0);
    const { meaning } = JSON.parse(new TextDecoder().decode(padded.slice(4, 4 + size)));
    const said = kind !== "submit" || canonical(meaning.envelope) === sealed.envelope;
    return message.length === 4177 && padded.length === 4096 && padded.slice(4 + size).every((byte) => !byte) && meaning.kind === kind && said;
  };
}
const papers = [
  ["credential", computed.credential, publicKeys.registry],
  ["delivery", sealed.delivery, publicKeys["one-time"]],
  ["receipt", sealed.receipt, publicKeys.door],
  ["bidder-key", computed.bidder_hand_in, publicKeys["one-time"]],
  ["share", computed.share_hand_in, publicKeys["authority-account"]],
  ["share", computed.complaint, publicKeys["authority-account"]],
];
papers.forEach(([domain, spelling, key], place) => {
  checks[`paper ${place + 1}: ${domain}`] = () => verifyPaper(key, `ggzy-${domain}/v1`, spelling);
});
checks["delivery and receipt name the message"] = async () => {
  const digest = await sha256(raw(sealed.messages.submit));
  return [sealed.delivery, sealed.receipt].every((spelling) => JSON.parse(spelling).sealed_digest === digest);
};

let failed = 0;
for (const [name, check] of Object.entries(checks)) {
  const holds = await check().catch((error) => `${error}`);
  if (holds !== true) {
    failed += 1;
    console.log(`FAILED ${name}: ${holds}`);
  }
}
console.log(`${Object.keys(checks).length - failed} passed, ${failed} failed`);
process.exitCode = failed ? 1 : 0;
