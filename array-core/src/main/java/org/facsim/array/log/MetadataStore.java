/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.log;

/**
 * Where batches become durable: the one commit point of an array. One thread appends; loading comes
 * before the first append and may be done by several.
 */
public interface MetadataStore extends AutoCloseable {
  /**
   * Applies a batch: wholly and durably when this returns, and if the machine crashes before,
   * wholly or not at all.
   *
   * @throws org.facsim.array.ArrayException NO_SPACE or IO; the batch may or may not be there after
   *     a crash, and appending it again is allowed
   */
  void append(Batch batch);

  /**
   * Goes through everything stored of a kind in a volume: tables in pieces, rows by owner and id.
   * Bytes of a table that were never stored are zero.
   *
   * @param volume 0 for what belongs to no volume, and for {@link RecordKind#VOLUME} rows
   * @throws org.facsim.array.ArrayException IO, naming what is damaged
   */
  void load(RecordKind kind, int volume, Batch.Changes into);

  @Override
  void close();
}
