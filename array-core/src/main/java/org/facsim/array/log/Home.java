/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.log;

/** The place where a durable array lives. */
public interface Home extends AutoCloseable {
  MetadataStore metadata();

  /** Where its groups become durable. */
  default GroupLog log() {
    return new LocalLog(metadata());
  }

  /** An empty batch, to be filled and appended to the metadata. */
  default Batch newBatch() {
    return new Batch();
  }

  /**
   * Opens the payload of a volume, made if it is not there.
   *
   * @throws org.facsim.array.ArrayException NO_SPACE, IO
   */
  PayloadStore payload(int volume);

  /**
   * Opens the payload of a volume that is stored. If it is not there, nothing is made; see {@link
   * PayloadStore#isMissing}.
   *
   * @throws org.facsim.array.ArrayException IO
   */
  default PayloadStore storedPayload(int volume) {
    return payload(volume);
  }

  /** Removes the payload of a volume that is gone; does nothing if there is none. */
  void removePayload(int volume);

  /** Closes the metadata; payload files are closed by those who opened them. */
  @Override
  void close();
}
