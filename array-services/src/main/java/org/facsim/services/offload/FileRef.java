/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.offload;

import java.util.Objects;

/**
 * How a host names a file, relative to its grant. The bytes are as the host gave them. Only when
 * the file is looked for does the array judge whether a handle is one of its own, and whether a
 * name is allowed.
 */
public sealed interface FileRef {
  /** The longest path, in bytes. */
  int MAX_PATH_BYTES = 1024;

  /** The longest name, in bytes. */
  int MAX_NAME_BYTES = 255;

  /** The longest handle, in bytes. */
  int MAX_HANDLE_BYTES = 64;

  /**
   * A path below the export.
   *
   * @throws IllegalArgumentException if it has more than {@link #MAX_PATH_BYTES}
   */
  static FileRef byPath(String path) {
    return new ByPath(ByteString.of(path));
  }

  /**
   * A handle as NFS answers it.
   *
   * @throws IllegalArgumentException if it has more than {@link #MAX_HANDLE_BYTES}
   */
  static FileRef byHandle(byte[] handle) {
    return new ByHandle(ByteString.of(handle));
  }

  /**
   * A name in a directory; the file need not exist yet.
   *
   * @throws IllegalArgumentException if one is longer than {@link #MAX_HANDLE_BYTES} or {@link
   *     #MAX_NAME_BYTES}
   */
  static FileRef byEntry(byte[] directory, String name) {
    return new ByEntry(ByteString.of(directory), ByteString.of(name));
  }

  /** The file itself that the grant is on; nothing is looked for. */
  static FileRef granted() {
    return new Granted();
  }

  /**
   * A name in the directory that the grant is on; the file need not exist yet.
   *
   * @throws IllegalArgumentException if it is longer than {@link #MAX_NAME_BYTES}
   */
  static FileRef inGranted(byte[] name) {
    return new InGranted(ByteString.of(name));
  }

  /** Whether it says a path, and neither a handle nor a name below one. */
  default boolean namesPath() {
    return this instanceof ByPath;
  }

  /** For people: the path or name if there is one. */
  default String inWords() {
    return toString();
  }

  /** What the grant is on. */
  record Granted() implements FileRef {
    @Override
    public String inWords() {
      return "by its handle";
    }
  }

  /** A name in the directory that the grant is on. */
  record InGranted(ByteString name) implements FileRef {
    public InGranted {
      name.atMost(MAX_NAME_BYTES, "name");
    }

    @Override
    public String toString() {
      return name.toText();
    }
  }

  /** Bytes separated by {@code /}, below the export. */
  record ByPath(ByteString path) implements FileRef {
    public ByPath {
      path.atMost(MAX_PATH_BYTES, "path");
    }

    @Override
    public String toString() {
      return path.toText();
    }
  }

  /** A handle as NFS answered it. */
  record ByHandle(ByteString handle) implements FileRef {
    public ByHandle {
      handle.atMost(MAX_HANDLE_BYTES, "handle");
    }

    @Override
    public String inWords() {
      return "by its handle";
    }
  }

  /** A name in the directory of a handle. */
  record ByEntry(ByteString directory, ByteString name) implements FileRef {
    public ByEntry {
      Objects.requireNonNull(name);
      directory.atMost(MAX_HANDLE_BYTES, "handle");
      name.atMost(MAX_NAME_BYTES, "name");
    }

    @Override
    public String toString() {
      return directory + ":" + name.toText();
    }

    @Override
    public String inWords() {
      return name.toText();
    }
  }
}
