/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;

/**
 * A directory entry's name: 1 to {@value #MAX_BYTES} bytes, none of which is {@code /} or NUL.
 * {@code .} and {@code ..} are names that can be looked up but not made.
 */
public final class Name implements Comparable<Name> {
  /** The longest name, in bytes. */
  public static final int MAX_BYTES = 255;

  private final byte[] bytes;

  private Name(byte[] bytes) {
    this.bytes = bytes;
  }

  /** Makes a name of bytes that were a name once. Nobody may change the bytes afterwards. */
  public static Name ofStored(byte[] bytes) {
    return new Name(bytes);
  }

  /** The bytes of the name. Callers must not change them. */
  public byte[] bytes() {
    return bytes;
  }

  /**
   * Makes a name of the bytes. The caller must not change them afterwards.
   *
   * @throws ArrayException INVALID_ARGUMENT for an empty name or a forbidden byte, NAME_TOO_LONG
   */
  public static Name ofBytes(byte[] bytes) {
    if (bytes.length == 0) {
      throw new ArrayException(ArrayError.INVALID_ARGUMENT, "empty name");
    }
    if (bytes.length > MAX_BYTES) {
      throw new ArrayException(
          ArrayError.NAME_TOO_LONG, "name of " + bytes.length + " bytes, at most " + MAX_BYTES);
    }
    for (byte b : bytes) {
      if (b == '/' || b == 0) {
        throw new ArrayException(ArrayError.INVALID_ARGUMENT, "name contains '/' or NUL");
      }
    }
    return new Name(bytes);
  }

  /** The UTF-8 form of a string. */
  public static Name of(String text) {
    return ofBytes(text.getBytes(UTF_8));
  }

  public byte[] toBytes() {
    return bytes.clone();
  }

  public int lengthBytes() {
    return bytes.length;
  }

  public boolean isDot() {
    return bytes.length == 1 && bytes[0] == '.';
  }

  public boolean isDotDot() {
    return bytes.length == 2 && bytes[0] == '.' && bytes[1] == '.';
  }

  @Override
  public int compareTo(Name other) {
    return Arrays.compareUnsigned(bytes, other.bytes);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Name name && Arrays.equals(bytes, name.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return new String(bytes, UTF_8);
  }
}
