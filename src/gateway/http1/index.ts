export { chunkEnd, chunkStart, lastChunk } from './chunked.ts'
export { atEndOfTurn } from './end-of-turn.ts'
export { type HeadLines, headLines, headText } from './head-text.ts'
export { joined } from './joined.ts'
export {
  createMessageParser,
  type MessageEvents,
  type MessageHead,
  type MessageParser,
} from './message-parser.ts'
