/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.log;

/**
 * Where batches become durable: the one commit point of an array. One thread appends. Several
 * threads may load, before the first append.
 */
public interface MetadataStore extends AutoCloseable {
  /**
   * Applies a batch. When this returns, the whole batch is durable. If the machine crashes before,
   * either the whole batch is there afterwards or nothing of it.
   *
   * @throws org.facsim.array.ArrayException NO_SPACE or IO; the batch may or may not be there after
   *     a crash, and appending it again is allowed
   */
  void append(Batch batch);

  /**
   * Goes through everything that is stored of one kind in a volume: tables in pieces, rows in the
   * order of owner and id. Bytes of a table that were never stored are zero.
   *
   * @param volume 0 for what belongs to no volume, and for {@link RecordKind#VOLUME} rows
   * @throws org.facsim.array.ArrayException IO, naming what is damaged
   */
  void load(RecordKind kind, int volume, Batch.Changes into);

  @Override
  void close();
}
