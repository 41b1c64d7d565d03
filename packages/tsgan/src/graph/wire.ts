/** Bytes in the wire format of Protocol Buffers, as far as writing ONNX models needs it. Fields are written in the order of the calls. */

const VARINT = 0;
const LENGTH = 2;
const FIXED_32 = 5;

const encoder = new TextEncoder();

export class Wire {
  #bytes = new Uint8Array(4096);
  #length = 0;

  #reserve(count: number): void {
    if (this.#length + count <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(2 * this.#bytes.length, this.#length + count));
    larger.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = larger;
  }

  /** An integer, seven bits a byte; a negative one as the 64 bits of its two's complement. */
  varint(value: number): void {
    this.#reserve(10);
    if (value < 0) {
      let rest = BigInt.asUintN(64, BigInt(value));
      for (; rest > 127n; rest >>= 7n) this.#bytes[this.#length++] = Number(rest & 127n) | 128;
      this.#bytes[this.#length++] = Number(rest);
      return;
    }
    let rest = value;
    for (; rest > 127; rest = Math.floor(rest / 128)) this.#bytes[this.#length++] = (rest % 128) | 128;
    this.#bytes[this.#length++] = rest;
  }

  /** An integer; 0 is what a reader takes where a field is not there. */
  integer(field: number, value: number): void {
    if (value === 0) return;
    this.varint((field << 3) | VARINT);
    this.varint(value);
  }

  #float(value: number): void {
    this.#reserve(4);
    new DataView(this.#bytes.buffer).setFloat32(this.#length, value, true);
    this.#length += 4;
  }

  float(field: number, value: number): void {
    if (value === 0) return;
    this.varint((field << 3) | FIXED_32);
    this.#float(value);
  }

  /** A packed list. */
  floats(field: number, values: readonly number[]): void {
    this.message(field, () => {
      for (const value of values) this.#float(value);
    });
  }

  bytes(field: number, data: Uint8Array): void {
    this.varint((field << 3) | LENGTH);
    this.varint(data.length);
    this.#reserve(data.length);
    this.#bytes.set(data, this.#length);
    this.#length += data.length;
  }

  string(field: number, text: string): void {
    const start = this.#length;
    this.varint((field << 3) | LENGTH);
    this.varint(text.length);
    this.#reserve(text.length);
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i);
      if (code > 127) {
        this.#length = start;
        this.bytes(field, encoder.encode(text));
        return;
      }
      this.#bytes[this.#length++] = code;
    }
  }

  /** A message, or a packed list, whose content `write` writes. */
  message(field: number, write: () => void): void {
    this.varint((field << 3) | LENGTH);
    // Room for a length below 128, which most have.
    this.#reserve(1);
    const start = ++this.#length;
    write();
    const end = this.#length;
    const length = end - start;
    let room = 1;
    for (let rest = length; rest > 127; rest = Math.floor(rest / 128)) room++;
    if (room > 1) {
      this.#reserve(room - 1);
      this.#bytes.copyWithin(start + room - 1, start, end);
    }
    this.#length = start - 1;
    this.varint(length);
    this.#length += length;
  }

  finish(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }
}
