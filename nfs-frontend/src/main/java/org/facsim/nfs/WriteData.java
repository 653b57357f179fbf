/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import org.facsim.array.Caller;
import org.facsim.array.Inode;
import org.facsim.array.Mutation;
import org.facsim.array.VolumeFiles;
import org.facsim.array.WriteRoom;
import org.facsim.services.calls.Alteration;
import org.facsim.services.calls.Mistake;

/**
 * What a WRITE stores: the data as it was sent, or as a fault has it. The array makes the one copy,
 * from the connection's receive buffer, or none if the data was received into its room. When the
 * array has taken the room, nobody looks at the data again.
 */
public final class WriteData {
  private final int countBytes;

  /** Null if the bytes are in the {@code source}. */
  private final WriteRoom room;

  /** Null if the bytes are in the {@code room}. */
  private final ByteBuffer source;

  private WriteData(int countBytes, WriteRoom room, ByteBuffer source) {
    this.countBytes = countBytes;
    this.room = room;
    this.source = source;
  }

  /**
   * What a call brought.
   *
   * @param data as it was sent
   * @param room where all of it was received; null if it lies with the other arguments
   */
  public static WriteData of(ByteBuf data, Alteration alteration, WriteRoom room) {
    int countBytes = alteration.limited(data.readableBytes());
    if (room != null && alteration.mistake() == null && countBytes == data.readableBytes()) {
      return new WriteData(countBytes, room, null);
    }
    ByteBuffer source = NioBuffers.of(data, data.readerIndex(), countBytes);
    return new WriteData(
        countBytes,
        null,
        alteration.mistake() == null ? source : mistaken(source, alteration.mistake()));
  }

  /** A copy, because the client's own bytes are still looked at. */
  private static ByteBuffer mistaken(ByteBuffer data, Mistake mistake) {
    ByteBuffer copy = ByteBuffer.allocate(data.remaining()).put(data).flip();
    mistake.corrupt(copy);
    return copy;
  }

  public int countBytes() {
    return countBytes;
  }

  /** Whether the array has it, or had it when it refused the write: it cannot be written again. */
  public boolean isGone() {
    return room != null && !room.isOpen();
  }

  /**
   * Writes it.
   *
   * @throws org.facsim.array.ArrayException as {@link VolumeFiles#write}
   */
  public Mutation into(Inode file, Caller caller, long offsetBytes) {
    VolumeFiles files = file.volume().files();
    return room == null
        ? files.write(caller, file, offsetBytes, source)
        : files.write(caller, file, offsetBytes, room);
  }
}
