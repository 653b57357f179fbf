/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.inode;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The extended attributes of one inode: names and values in the order of their cookies. Immutable:
 * a change makes another object. There are few of them, so they are found by walking.
 *
 * @param entries by ascending cookie
 * @param nextCookie the cookie that the next new name gets; a file never gives a cookie twice
 */
public record ExtendedAttributes(List<Entry> entries, long nextCookie) {
  static final ExtendedAttributes NONE = new ExtendedAttributes(List.of(), 1);

  /** One attribute. Its value is never changed. */
  public static final class Entry {
    private final String name;
    private final byte[] value;
    private final long cookie;

    public Entry(String name, byte[] value, long cookie) {
      this.name = name;
      this.value = value;
      this.cookie = cookie;
    }

    public String name() {
      return name;
    }

    public byte[] value() {
      return value;
    }

    public long cookie() {
      return cookie;
    }

    public long sizeBytes() {
      return (long) nameBytes(name) + value.length;
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Entry that
          && name.equals(that.name)
          && cookie == that.cookie
          && Arrays.equals(value, that.value);
    }

    @Override
    public int hashCode() {
      return name.hashCode();
    }
  }

  public static int nameBytes(String name) {
    return name.getBytes(StandardCharsets.UTF_8).length;
  }

  /** Returns the attribute with a name, or null. */
  public Entry find(String name) {
    for (Entry entry : entries) {
      if (entry.name().equals(name)) {
        return entry;
      }
    }
    return null;
  }

  /** Returns the same with a value for a name, new or not. A known name keeps its cookie. */
  public ExtendedAttributes with(String name, byte[] value) {
    Entry known = find(name);
    List<Entry> next = new ArrayList<>(entries);
    if (known == null) {
      next.add(new Entry(name, value, nextCookie));
      return new ExtendedAttributes(List.copyOf(next), nextCookie + 1);
    }
    next.set(entries.indexOf(known), new Entry(name, value, known.cookie()));
    return new ExtendedAttributes(List.copyOf(next), nextCookie);
  }

  public ExtendedAttributes without(Entry gone) {
    return new ExtendedAttributes(
        entries.stream().filter(entry -> entry.cookie() != gone.cookie()).toList(), nextCookie);
  }

  /** The size of all names and values. */
  public long sizeBytes() {
    return entries.stream().mapToLong(Entry::sizeBytes).sum();
  }
}
