/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.stored;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;
import org.facsim.array.block.ledger.StoreTotals;
import org.facsim.array.history.SnapshotTable;
import org.facsim.array.volume.VolumeContext;

/**
 * A volume as it is stored: what cannot be counted, and totals with which a count is compared.
 *
 * @param limitBlocks its size
 * @param changeSequence the last change counter that was given out
 * @param nextFileId the first file id that was never given out
 * @param inodes files, directories and links
 * @param provisionedBytes sum of the sizes of regular files
 * @param attachedBytes of all extended attributes and ACLs
 * @param snapshots its snapshots
 * @param away files, directories and links that only named states have
 * @param isAway whether only named states have the volume
 * @param totals of its blocks
 */
public record VolumeRow(
    String name,
    long limitBlocks,
    long changeSequence,
    long nextFileId,
    long inodes,
    long provisionedBytes,
    long attachedBytes,
    Snapshots snapshots,
    long away,
    boolean isAway,
    StoreTotals totals) {
  private static final int FIXED_BYTES = 11 * Long.BYTES + 1 + StoreTotals.BYTES;

  /**
   * The snapshots of a volume.
   *
   * @param nextId the first id that was never given out
   * @param count how many there are
   * @param origins how many clones came from them
   * @param directoryId the file id of their directory; 0 if there is none
   */
  record Snapshots(long nextId, long count, long origins, long directoryId) {
    static Snapshots of(SnapshotTable table) {
      long directoryId = table.directory() == null ? 0 : table.directory().fileId();
      return new Snapshots(table.nextId(), table.count(), table.originCount(), directoryId);
    }
  }

  /** Returns the row of the volume as it is now. The volume's lock is held. */
  static VolumeRow of(VolumeContext context) {
    return new VolumeRow(
        context.home.volumeName(),
        context.blocks.figures().limitBlocks(),
        context.changeSequence(),
        context.inodes.nextFileId(),
        context.inodes.count(),
        context.provisionedBytes(),
        context.attachedBytes(),
        Snapshots.of(context.snapshots),
        context.deltas.awayCount(),
        context.life.isDeleted(),
        context.blocks.totals());
  }

  ByteBuffer bytes() {
    byte[] text = name.getBytes(StandardCharsets.UTF_8);
    ByteBuffer out = ByteBuffer.allocate(FIXED_BYTES + text.length).order(ByteOrder.LITTLE_ENDIAN);
    out.putLong(limitBlocks).putLong(changeSequence).putLong(nextFileId);
    out.putLong(inodes).putLong(provisionedBytes).putLong(attachedBytes);
    out.putLong(snapshots.nextId()).putLong(snapshots.count());
    out.putLong(snapshots.origins()).putLong(snapshots.directoryId());
    out.putLong(away).put((byte) (isAway ? 1 : 0));
    totals.write(out);
    return out.put(text).flip();
  }

  /**
   * Decodes a row.
   *
   * @throws ArrayException IO if it is not one
   */
  public static VolumeRow read(ByteBuffer in) {
    try {
      long limit = in.getLong();
      long sequence = in.getLong();
      long nextFileId = in.getLong();
      long inodes = in.getLong();
      long provisioned = in.getLong();
      long attached = in.getLong();
      Snapshots snapshots = new Snapshots(in.getLong(), in.getLong(), in.getLong(), in.getLong());
      long away = in.getLong();
      boolean isAway = in.get() != 0;
      StoreTotals totals = StoreTotals.read(in);
      byte[] text = new byte[in.remaining()];
      in.get(text);
      String name = new String(text, StandardCharsets.UTF_8);
      return new VolumeRow(
          name,
          limit,
          sequence,
          nextFileId,
          inodes,
          provisioned,
          attached,
          snapshots,
          away,
          isAway,
          totals);
    } catch (BufferUnderflowException e) {
      throw new ArrayException(ArrayError.IO, "the row of a volume is damaged");
    }
  }
}
