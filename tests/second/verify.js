// A second, independent verifier of evidence bundles 证据包, written from docs/ledger.md alone (Node, standard library).
'use strict'
const [crypto, fs, util, zlib] = ['crypto', 'fs', 'util', 'zlib'].map((name) => require(`node:${name}`))
const USAGE = 'usage: node verify.js BUNDLE [--policy FILE] [--log DIR] | node verify.js --batch LIST.json'
const MEMBERS = new RegExp(String.raw`^manifest\.json,checkpoint,stream\.key,rulebook\.json(,records/\d{6}\.json)*` +
  String.raw`(,leaves/\d{6}\.json)*(,proofs/\d{6}\.txt)*(,commands/\d{6}\.json)*$`)
const MANIFEST = 'count,origin,rulebook,service,size,stream,v'
const RECORD = 'actor,at,cause,command_digest,command_id,data,id,position,received_at,' +
  'rulebook,salt,service,stream,type,v,version'
const need = (condition, why) => { if (!condition) throw new Error(why) }
const sha256 = (...parts) => crypto.createHash('sha256').update(Buffer.concat(parts)).digest()
const digestOf = (bytes) => sha256(bytes).toString('hex')
const isHex64 = (value) => typeof value === 'string' && /^[0-9a-f]{64}$/.test(value)
const isService = (value) => typeof value === 'string' && /^[a-z0-9_]+$/.test(value)
const isNumber = (text) => /^(0|[1-9][0-9]{0,18})$/.test(text) && BigInt(text) < 2n ** 63n
const utf8 = (bytes, text = bytes.toString()) => need(Buffer.from(text).equals(bytes), 'not UTF-8') ?? text
const unbase64 = (text, bytes = Buffer.from(text, 'base64')) => need(bytes.toString('base64') === text, text) ?? bytes
const readHash = (text) => need(unbase64(text).length === 32, `not a hash: ${text}`) ?? unbase64(text)
function canonical(value) {
  if (typeof value === 'number') need(Number.isSafeInteger(value), 'a number out of the profile')
  if (typeof value === 'string') need(value.normalize() === value && !/\p{Surrogate}/u.test(value), 'text out of it')
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map(canonical)}]`
  need(Object.keys(value).every(isService), 'a key out of the profile')
  return `{${Object.keys(value).sort().map((key) => `"${key}":${canonical(value[key])}`)}}`
}
function readObject(bytes, fields) {
  const value = JSON.parse(utf8(bytes))
  need(canonical(value) === bytes.toString(), 'JSON that is not canonical')
  return need(value && Object.keys(value).sort().join() === fields, `not exactly the fields ${fields}`) ?? value
}
function readEntry(bytes, one = readObject(bytes, 'digest,position,service,tag,v')) {
  need(one.v === 1 && isService(one.service) && isHex64(one.tag) && isHex64(one.digest), 'not an entry')
  return need(Number.isInteger(one.position) && one.position >= 1, 'not a place') ?? one
}
const leafHash = (entry) => sha256(Buffer.of(0), entry)
const nodeHash = (left, right) => sha256(Buffer.of(1), left, right)
const split = (n) => 2 ** ((n - 1).toString(2).length - 1) // the largest power of two below n
const treeRoot = (hashes, k = split(hashes.length)) => hashes.length < 2 ? hashes[0] ?? sha256()
  : nodeHash(treeRoot(hashes.slice(0, k)), treeRoot(hashes.slice(k)))
function rootShown(leaf, index, size, proof) { // the tree's definition read backwards: the last hash is the other half
  need(index < size && (size === 1) === (proof.length === 0), 'a proof of another shape than the tree')
  const [k, rest, other] = [split(size), proof.slice(0, -1), proof.at(-1)]
  return size === 1 ? leaf : index < k ? nodeHash(rootShown(leaf, index, k, rest), other)
    : nodeHash(other, rootShown(leaf, index - k, size - k, rest))
}
const le16 = (...values) => Buffer.from(values.flatMap((value) => [value, value >>> 8]))
const le32 = (...values) => Buffer.from(values.flatMap((value) => [value, value >>> 8, value >>> 16, value >>> 24]))
const crc32 = (bytes) => zlib.gzipSync(bytes).subarray(-8, -4) // a gzip file ends in it (RFC 1952)
function unzip(file) {
  const [members, locals, centrals] = [[], [], []]
  for (let at = 0, end; file.length >= at + 30 && file.readUInt32LE(at) === 0x04034b50; at = end) {
    const start = at + 30 + file.readUInt16LE(at + 26)
    end = start + file.readUInt32LE(at + 18)
    const [name, data] = [file.subarray(at + 30, start), file.subarray(start, end)]
    const both = [le16(20, 0, 0, 0, 0x21), crc32(data), le32(data.length, data.length), le16(name.length, 0)]
    locals.push(Buffer.from('PK\x03\x04'), ...both, name, data)
    centrals.push(Buffer.from('PK\x01\x02'), le16(20), ...both, le16(0, 0, 0), le32(0, at), name)
    members.push([name.toString('latin1'), data])
  }
  const [count, size, offset] = [members.length, Buffer.concat(centrals).length, Buffer.concat(locals).length]
  const end = [Buffer.from('PK\x05\x06'), le16(0, 0, count, count), le32(size, offset), le16(0)]
  return need(Buffer.concat([...locals, ...centrals, ...end]).equals(file), 'the zip made again is another') ?? members
}
function readKey(octets, types, vkey = utf8(Buffer.from(octets, 'latin1'))) {
  const [, name, id, encoded] = /^([^\p{White_Space}+]+)\+([0-9a-f]{8})\+(.+)$/u.exec(vkey) ?? []
  const body = unbase64(encoded ?? '')
  const isItsID = sha256(Buffer.from(`${name}\n`), body).toString('hex', 0, 4) === id
  need(isItsID && body.length === 33 && types.includes(body[0]), `not an Ed25519 vkey of type ${types}: ${vkey}`)
  const key = { kty: 'OKP', crv: 'Ed25519', x: body.toString('base64url', 1) }
  return { name, id, type: body[0], x: key.x, publicKey: crypto.createPublicKey({ key, format: 'jwk' }) }
}
function hasSigned({ name, id, type, publicKey }, { text, lines }) {
  const head = (bytes) => type === 4 ? `cosignature/v1\ntime ${bytes.readBigUInt64BE(4)}\n` : ''
  const holds = ({ bytes }) => (type === 1 || bytes[4] < 128) &&
    crypto.verify(null, Buffer.from(head(bytes) + text), publicKey, bytes.subarray(type === 4 ? 12 : 4))
  const mine = lines.filter((line) => line.name === name && line.bytes.toString('hex', 0, 4) === id)
  return need(mine.every(holds), `a signature by ${name} does not hold`) ?? mine.length > 0
}
function readCheckpoint(bytes) {
  const [note, cut] = [utf8(bytes), bytes.toString().lastIndexOf('\n\n') + 1]
  need(bytes.length <= 1e6 && cut > 0 && note.endsWith('\n') && !/[\0-\x09\x0b-\x1f]/.test(note), 'not a signed note')
  const lines = note.slice(cut + 1, -1).split('\n')
    .map((line) => /^— ([^\p{White_Space}+]+) (\S+)$/u.exec(line) ?? need(false, `not a signature: ${line}`))
    .map(([, name, encoded]) => ({ name, bytes: unbase64(encoded) }))
  const [text, origin, size, root] = /^([^\n]+)\n(.+)\n(.+)\n([^\n]+\n)*$/.exec(note.slice(0, cut)) ?? []
  need(text && isNumber(size) && lines.length < 101 && lines.every(({ bytes: all }) => all.length > 4), 'no checkpoint')
  return { text, lines, origin, size: Number(size), root: readHash(root) }
}
function isAgreed(octets, note) { // whether a policy's quorum and one of its logs, kept as `log <key>`, agree
  const [agrees, free, quorums] = [new Map([['none', true]]), new Set(), []]
  const define = (name, does) => need(!agrees.has(name), `twice: ${name}`) ?? [agrees.set(name, does), free.add(name)]
  need(/^[\t\n\x20-\x7e\x80-\xff]*$/.test(octets), 'a control character')
  for (const line of octets.split('\n').filter((one) => !/^[\t ]*(#|$)/.test(one))) {
    const [kind, name, word, ...more] = line.split(/[\t ]+/).filter(Boolean)
    const k = { any: '1', all: String(more.length) }[word] ?? word
    if (kind === 'log' && name && more.length === 0) {
      const key = readKey(name, [1, 4])
      define(`log ${key.x}`, key.name === note.origin && hasSigned(key, note))
    } else if (kind === 'witness' && word && more.length < 2) {
      const key = readKey(word, [4])
      for (const one of [name, `witness ${key.x}`]) define(one, hasSigned(key, note))
    } else if (kind === 'group' && isNumber(k) && k >= 1 && k <= more.length && more.every((one) => free.delete(one))) {
      define(name, more.filter((one) => agrees.get(one)).length >= k)
    } else need(kind === 'quorum' && agrees.has(name) && !word, `not a line of a policy: ${line}`) ?? quorums.push(name)
  }
  need(quorums.length === 1, 'not exactly one quorum')
  return agrees.get(quorums[0]) && [...agrees].some(([name, does]) => does && name.startsWith('log '))
}
const tileName = (n) => `00${n}`.slice((`${n}`.length + 2) % 3).replace(/\d{3}(?=\d)/g, 'x$&/')
function readTiles(folder, count, cut) { // what a log of so many keeps there, each file cut into its items
  return Array.from({ length: Math.ceil(count / 256) }, (_, n) => {
    const [full, wanted] = [`${folder}/${tileName(n)}`, Math.min(256, count - n * 256)]
    const isPart = wanted < 256 && fs.existsSync(`${full}.p/${wanted}`)
    const items = cut(fs.readFileSync(isPart ? `${full}.p/${wanted}` : full))
    return need(items.length === (isPart ? wanted : 256), `not whole: ${full}`) ?? items.slice(0, wanted)
  }).flat()
}
const cutHashes = (bytes) => need(bytes.length % 32 === 0, 'not whole') ?? bytes.toString('hex').match(/.{64}/g) ?? []
const cutEntries = (bytes, end = bytes.length && 2 + bytes.readUInt16BE()) => end === 0 ? []
  : need(end <= bytes.length, 'not whole') ?? [bytes.subarray(2, end), ...cutEntries(bytes.subarray(end))]
function* verify({ bundle, policy, log }) { // yields what each step found, null if passed over; throws if it fails
  const [file, trust] = [fs.readFileSync(bundle), policy ? fs.readFileSync(policy, 'latin1') : null]
  const judge = (note) => need(!policy || isAgreed(trust, note), 'not signed and witnessed as the policy asks')
  yield policy ? isAgreed(trust, { text: '', lines: [], origin: '' }) || 'the policy is lawful' : 'no policy'
  const members = unzip(file)
  need(MEMBERS.test(members.map(([name]) => name.replaceAll(',', '?')).join()), 'other members, or in another order')
  const [manifest, checkpoint, key, rules] = members.map(([, data]) => data)
  const [records, withheld, proofs, commands] = ['records/', 'leaves/', 'proofs/', 'commands/'].map((folder) => members
    .filter(([name]) => name.startsWith(folder)).map(([name, data]) => [Number(name.replace(/\D/g, '')), data]))
  const isRising = (all) => all.every(([n], i) => n > (all[i - 1]?.[0] ?? 0))
  yield need([records, withheld, proofs, commands].every(isRising), 'numbers that do not rise') ?? `${members.length} members`
  const { v, service, stream, origin, size, count, rulebook: book } = readObject(manifest, MANIFEST)
  const kinds = [service, stream, origin, size, count].map((one) => typeof one).join()
  need(v === 1 && kinds === 'string,string,string,number,number' && count >= 1, 'another form of manifest')
  yield need(book === digestOf(rules), 'another rulebook') ?? `${count} records of ${service}/${stream}`
  const there = [...records.map(([n, data]) => [n, data, readObject(data, RECORD)]),
    ...withheld.map(([n, data]) => [n, data, readEntry(data), true])].sort(([one], [other]) => one - other)
  for (const [n, [number, , it, isLeaf]] of there.entries()) {
    need(number === n + 1 && it.service === service, `version ${n + 1} has another number or service`)
    const before = there[n - 1]?.[2].position ?? 0
    need(Number.isInteger(it.position) && it.position > before, `the place of version ${n + 1}`)
    if (isLeaf) continue
    need(it.v === 1 && it.version === n + 1 && it.stream === stream, `version ${n + 1} has another form or stream`)
    need((it.rulebook ?? book) === book, `version ${n + 1} is of another rulebook`)
    need([it.salt, it.command_digest ?? it.salt].every(isHex64), `the salt or command of version ${n + 1}`)
  }
  yield need(there.length === count, `not ${count} records`) ?? `each in its place, ${withheld.length} withheld`
  const facts = there.filter(([, , , isLeaf]) => !isLeaf).map(([, , it]) => [it.command_digest, it.version])
  const wanted = new Map(facts.reverse()) // its first version stays
  need(commands.every(([number, data]) => wanted.get(digestOf(data)) === number), 'other commands')
  need(commands.length === 0 || commands.length === wanted.size - wanted.has(null), 'not every command')
  yield commands.length ? `${commands.length} commands` : null
  const note = readCheckpoint(checkpoint)
  need(note.origin === origin && note.size === size, 'a checkpoint of another log or size')
  need(/^[0-9a-f]{64}\n$/.test(key.toString('latin1')) && isService(service), 'not a key or a service')
  need(proofs.length === count && proofs.every(([number], n) => number === n + 1), 'not one proof for each record')
  const tag = (n) => crypto.createHmac('sha256', Buffer.from(`${key}`, 'hex')).update(`ggzy-tag/v1|${n}`).digest('hex')
  for (const [n, [, data, { position, tag: said }, isLeaf]] of there.entries()) {
    need(!isLeaf || said === tag(n + 1), `leaf ${n + 1} is of another stream`)
    const [index, ...hashes] = utf8(proofs[n][1]).split('\n')
    const isNext = isNumber(index) && (n === 0 || Number(index) > parseInt(proofs[n - 1][1], 10))
    need(isNext && hashes.pop() === '' && hashes.length <= 63, `the form or the place of proof ${n + 1}`)
    const made = canonical({ digest: digestOf(data), position, service, tag: tag(n + 1), v: 1 })
    const root = rootShown(leafHash(isLeaf ? data : Buffer.from(made)), Number(index), size, hashes.map(readHash))
    need(root.equals(note.root), `record ${n + 1} is not under the root`)
  }
  yield `all under the root of ${origin} at size ${size}`
  yield judge(note) ?? (policy ? 'signed and witnessed' : null)
  if (log === undefined) return yield null
  const last = readCheckpoint(fs.readFileSync(`${log}/checkpoint`))
  const entries = judge(last) ?? readTiles(`${log}/tile/entries`, last.size, cutEntries), leaves = entries.map(leafHash)
  for (let level = 0, hashes = leaves; hashes.length > 0; level++) {
    const stored = readTiles(`${log}/tile/${level}`, hashes.length, cutHashes)
    need(stored.join('') === Buffer.concat(hashes).toString('hex'), `other hashes on level ${level}`)
    hashes = hashes.filter((_, n) => n % 256 === 255).map((_, n) => treeRoot(hashes.slice(256 * n, 256 * n + 256)))
  }
  need(last.origin === origin && treeRoot(leaves).equals(last.root), 'not the log of its checkpoint')
  need(last.size >= size && treeRoot(leaves.slice(0, size)).equals(note.root), 'not a log that holds the bundle\'s')
  const ours = new Map(Array.from({ length: count + 1 }, (_, n) => [tag(n + 1), n + 1]))
  const found = entries.map((bytes) => ours.get(readEntry(bytes).tag)).filter(Boolean).sort((one, other) => one - other)
  yield need(`${found}` === `${there.map(([number]) => number)}`, `of this stream: ${found}`) ?? 'complete'
}
function answer(asked) {
  const steps = []
  try {
    for (const detail of verify(asked)) steps.push({ number: steps.length, ok: detail === null ? null : true, detail })
  } catch (error) { steps.push({ number: steps.length, ok: false, detail: `${error}` }) }
  const { ok, number } = steps.at(-1), bad = number === 0 ? 'misuse' : `failed at step ${number}`
  const overall = ok === false ? bad : asked.policy ? 'verified' : 'consistent, signer unknown'
  return { overall, failed_step: ok === false ? number : null, steps: number === 0 ? steps : steps.slice(1) }
}
try {
  const options = Object.fromEntries(['policy', 'log', 'batch'].map((name) => [name, { type: 'string' }]))
  const { values: { batch, ...rest }, positionals: [file, more] } = util.parseArgs({ allowPositionals: true, options })
  need(Boolean(file) !== Boolean(batch) && !more, 'one bundle or one batch')
  const answers = (batch ? JSON.parse(fs.readFileSync(batch)) : [{ bundle: file, ...rest }]).map(answer)
  console.log(answers.map((one) => JSON.stringify(one)).join('\n'))
  process.exitCode = Math.max(...answers.map(({ overall }) => ({ verified: 0, misuse: 2 })[overall] ?? 1))
} catch (error) { process.exitCode = console.error(`${error.message}\n${USAGE}`) ?? 2 }
