/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs.v3;

import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;
import org.facsim.array.AttributeChanges;
import org.facsim.array.FileAttributes;
import org.facsim.array.FileType;
import org.facsim.array.Inode;
import org.facsim.array.Mutation;
import org.facsim.protocol.nfs3.Fattr3;
import org.facsim.protocol.nfs3.FileType3;
import org.facsim.protocol.nfs3.Sattr3;
import org.facsim.protocol.nfs3.WccAttr;
import org.facsim.protocol.nfs3.WccData;

/** Translates attributes, from the array to the wire and back. */
final class Attributes3 {
  private static final int MODE_BITS = 07777;

  private Attributes3() {}

  static Fattr3 of(Inode inode) {
    return of(inode.attributes());
  }

  static Fattr3 of(FileAttributes attributes) {
    return new Fattr3(
        typeOf(attributes.type()),
        attributes.mode(),
        attributes.linkCount(),
        attributes.uid(),
        attributes.gid(),
        attributes.sizeBytes(),
        attributes.usedBytes(),
        attributes.deviceMajor(),
        attributes.deviceMinor(),
        attributes.volumeId(),
        attributes.fileId(),
        attributes.accessTimeNanos(),
        attributes.modifyTimeNanos(),
        attributes.changeTimeNanos());
  }

  static WccData wcc(Mutation mutation) {
    Mutation.Before before = mutation.before();
    return new WccData(
        new WccAttr(before.sizeBytes(), before.modifyTimeNanos(), before.changeTimeNanos()),
        of(mutation.after()));
  }

  private static FileType3 typeOf(FileType type) {
    return switch (type) {
      case REGULAR -> FileType3.REGULAR;
      case DIRECTORY -> FileType3.DIRECTORY;
      case SYMBOLIC_LINK -> FileType3.SYMBOLIC_LINK;
      case BLOCK_DEVICE -> FileType3.BLOCK_DEVICE;
      case CHARACTER_DEVICE -> FileType3.CHARACTER_DEVICE;
      case SOCKET -> FileType3.SOCKET;
      case FIFO -> FileType3.FIFO;
    };
  }

  /**
   * The changes that a client asks for.
   *
   * @throws ArrayException INVALID_ARGUMENT for an invalid time
   */
  static AttributeChanges changes(Sattr3 wanted) {
    return new AttributeChanges(
        wanted.mode() == null ? null : (Integer) (wanted.mode() & MODE_BITS),
        wanted.uid(),
        wanted.gid(),
        wanted.sizeBytes(),
        change(wanted.accessTime()),
        change(wanted.modifyTime()));
  }

  private static AttributeChanges.TimeChange change(Sattr3.SetTime time) {
    return switch (time.how()) {
      case DONT_CHANGE -> AttributeChanges.TimeChange.KEEP;
      case SET_TO_SERVER_TIME -> AttributeChanges.TimeChange.TO_ARRAY_TIME;
      case SET_TO_CLIENT_TIME -> {
        if (time.epochNanos() < 0) {
          throw new ArrayException(
              ArrayError.INVALID_ARGUMENT, "a time with 10^9 nanoseconds or more");
        }
        yield new AttributeChanges.TimeChange.To(time.epochNanos());
      }
    };
  }
}
