#!/usr/bin/env node
// Makes draws of experts again as docs/draw.md says, sharing no code with the platform: prints {pool_digest, seed, scores, chosen}, or {fault}.
'use strict'
const { createHash, createHmac } = require('node:crypto')
const { readFileSync } = require('node:fs')

const SCHEME = 'gov-draw/v1'
const sha256 = (...parts) => parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest()
const hex = (text) => Buffer.from(text, 'hex')
const by = (key) => (a, b) => Buffer.compare(Buffer.from(a[key]), Buffer.from(b[key]))
class Fault extends Error {}
function need(holds, why) {
  if (!holds) throw new Fault(why)
}
function canonical(value) {
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map(canonical)}]`
  return `{${Object.keys(value).sort().map((key) => `"${key}":${canonical(value[key])}`)}}`
}

function poolDigest(file) {
  const barred = new Set(file.exclusions.map(({ expert }) => expert))
  const experts = file.library.filter(({ id }) => !barred.has(id)).sort(by('id'))
    .map((one) => ({ ...one, employers: [...new Set(one.employers)].sort() }))
  const { draw, reserve, seats } = file
  const digest = sha256(canonical({ draw, experts, reserve, seats, v: 1 })).toString('hex')
  need(digest === file.pool_digest, 'pool')
  need(experts.length >= seats + reserve, 'too few')
  return [digest, experts.map(({ id }) => id)]
}

function seedOf(file) {
  const bound = new Map(file.commitments.map(({ party, digest }) => [party, digest]))
  const digests = new Set(bound.values())
  need(bound.size >= 3 && bound.size === file.commitments.length && digests.size === bound.size, 'commitments')
  const shown = new Set(file.reveals.map(({ party }) => party))
  need(shown.size === file.reveals.length && shown.size === bound.size, 'reveals')
  for (const { party, nonce } of file.reveals) {
    need(sha256(hex(nonce), file.draw).toString('hex') === bound.get(party), 'reveals')
  }
  const root = file.root === null ? Buffer.from(file.checkpoint.split('\n')[2], 'base64') : hex(file.root)
  return sha256(SCHEME, file.draw, root, ...[...file.reveals].sort(by('party')).map(({ nonce }) => hex(nonce)))
}

function result(file) {
  const [digest, ids] = poolDigest(file)
  const seed = seedOf(file)
  const scored = ids.map((id) => [id, createHmac('sha256', seed).update(`${SCHEME}\0${id}`).digest('hex')])
  scored.sort(([a, x], [b, y]) => (x < y ? -1 : x > y ? 1 : a < b ? -1 : 1))
  const called = scored.slice(0, file.seats + file.reserve).map(([id]) => id)
  const chosen = called.filter((id) => !file.refused.includes(id)).slice(0, file.seats)
  need(chosen.length === file.seats, 'reserve')
  const last = called.indexOf(chosen.at(-1))
  need(file.refused.every((id) => called.slice(0, last).includes(id)), 'never called')
  need(chosen.join() === file.chosen.join(), 'chosen')
  return { pool_digest: digest, seed: seed.toString('hex'), scores: Object.fromEntries(scored), chosen }
}

for (const file of JSON.parse(readFileSync(0, 'utf8'))) {
  let said
  try {
    said = result(file)
  } catch (error) {
    if (!(error instanceof Fault)) throw error
    said = { fault: error.message }
  }
  console.log(JSON.stringify(said))
}
