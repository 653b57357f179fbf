/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.volume;

import java.nio.ByteBuffer;
import org.facsim.array.WriteRoom;
import org.facsim.array.block.payload.ArenaRoom;

/**
 * Room in the payload of an array in memory, for whoever receives bytes.
 *
 * @param slots where they go
 */
public record RoomInMemory(ArenaRoom slots) implements WriteRoom {
  @Override
  public int lengthBytes() {
    return slots.lengthBytes();
  }

  @Override
  public ByteBuffer memory() {
    return slots.memory();
  }

  @Override
  public boolean isOpen() {
    return slots.isOpen();
  }

  @Override
  public void close() {
    slots.close();
  }
}
