/**
 * Protobuf's wire format over a file of any size: fields by their place, contents only when asked for. Files are
 * untrusted: every length is checked against its parent's end.
 */
import { SwapError } from "../../../shared/errors.ts";
import type { FileWindow } from "./file-window.ts";

/** Contents that are read at once are never larger: names, attributes and functions are small, weights are not read. */
export const MOST_FIELD_BYTES = 64 << 20;

/** One field of a message. `start..end` is its content; `value` that of a varint. */
export interface Field {
  readonly number: number;
  readonly wire: number;
  readonly start: number;
  readonly end: number;
  readonly value: number;
}

/** Reads the messages of one file. */
export class ProtobufReader {
  readonly #window: FileWindow;
  readonly #file: string;

  /** @param file path, for messages */
  constructor(window: FileWindow, file: string) {
    this.#window = window;
    this.#file = file;
  }

  /** Fields of the message between two offsets. */
  *fields(start: number, end: number): Generator<Field> {
    let at = start;
    while (at < end) {
      const tag = this.#varint(at, end);
      const number = Math.floor(tag.value / 8);
      const wire = tag.value % 8;
      if (number === 0) throw this.notOnnx(`byte ${at} is no field of a message`);
      at = tag.next;
      let contentEnd: number;
      let value = 0;
      if (wire === 0) {
        const varint = this.#varint(at, end);
        [value, contentEnd] = [varint.value, varint.next];
      } else if (wire === 1) contentEnd = at + 8;
      else if (wire === 5) contentEnd = at + 4;
      else if (wire === 2) {
        const length = this.#varint(at, end);
        at = length.next;
        contentEnd = at + length.value;
      } else throw this.notOnnx(`byte ${at} begins a field of an unknown kind`);
      if (contentEnd > end) throw this.#tooLong(contentEnd, end);
      yield { number, wire, start: at, end: contentEnd, value };
      at = contentEnd;
    }
  }

  /** A varint as a signed 64-bit integer in a Number: sizes and offsets stay below 2^53. */
  #varint(offset: number, end: number): { value: number; next: number } {
    let [value, scale, at] = [0, 1, offset];
    for (; at < end && at - offset < 10; at++) {
      const byte = this.#window.byte(at);
      if (at - offset === 9) {
        // The tenth byte of a negative number: two's complement of 64 bits needs exact arithmetic.
        return { value: Number(this.#signed(offset)), next: at + 1 };
      }
      value += (byte & 0x7f) * scale;
      scale *= 128;
      if (byte < 0x80) return { value, next: at + 1 };
    }
    if (at >= end) throw this.#tooLong(at + 1, end);
    throw this.notOnnx(`byte ${offset} begins no number`);
  }

  #signed(offset: number): bigint {
    let value = 0n;
    for (let i = 0; i < 10; i++) value |= BigInt(this.#window.byte(offset + i) & 0x7f) << BigInt(7 * i);
    return BigInt.asIntN(64, value);
  }

  /** Appends the integers of a repeated field, packed or not. */
  integers(field: Field, into: number[]): void {
    if (field.wire === 0) {
      into.push(field.value);
      return;
    }
    this.message(field);
    for (let at = field.start; at < field.end;) {
      const { value, next } = this.#varint(at, field.end);
      into.push(value);
      at = next;
    }
  }

  /** A 32-bit float. */
  float(field: Field): number {
    if (field.wire !== 5) throw this.notOnnx("a number has an unexpected form");
    const bytes = this.#window.read(field.start, 4);
    return new DataView(bytes.buffer).getFloat32(0, true);
  }

  /** A UTF-8 string. */
  string(field: Field): string {
    return new TextDecoder().decode(this.bytes(this.message(field)));
  }

  /** A copy of the content of a length-delimited field. */
  bytes(field: Field): Uint8Array {
    if (field.end - field.start > MOST_FIELD_BYTES) {
      throw this.notOnnx(
        `field ${field.number} at byte ${field.start} holds ${field.end - field.start} bytes`,
      );
    }
    return this.#window.read(field.start, field.end - field.start);
  }

  /** The field itself, when it is length-delimited as a message must be. */
  message(field: Field): Field {
    if (field.wire !== 2) throw this.notOnnx(`field ${field.number} has an unexpected form`);
    return field;
  }

  #tooLong(needed: number, end: number): SwapError {
    if (end < this.#window.size) return this.notOnnx("a part of it is longer than the whole it belongs to");
    return new SwapError(
      "truncated-file",
      `${this.#file} is cut short: ${needed - end} more bytes belong to it at least.`,
      "The download or copy is incomplete: fetch the file again.",
    );
  }

  /** The error for a file that is no readable model. */
  notOnnx(why: string): SwapError {
    return new SwapError(
      "not-a-model",
      `${this.#file} is not a readable ONNX model: ${why}.`,
      "Fetch the file again, or export the model again.",
    );
  }
}
