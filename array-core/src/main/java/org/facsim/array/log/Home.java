/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.array.log;

/** The place where a durable array lives. */
public interface Home extends AutoCloseable {
  MetadataStore metadata();

  /** The log in which the array's groups become durable. */
  default GroupLog log() {
    return new LocalLog(metadata());
  }

  /** Makes an empty batch, which will be filled and appended to the metadata. */
  default Batch newBatch() {
    return new Batch();
  }

  /**
   * Opens the payload of a volume, and makes it if it is not there.
   *
   * @throws org.facsim.array.ArrayException NO_SPACE, IO
   */
  PayloadStore payload(int volume);

  /**
   * Opens the payload of a volume that is stored. If the payload is not there, this makes nothing;
   * see {@link PayloadStore#isMissing}.
   *
   * @throws org.facsim.array.ArrayException IO
   */
  default PayloadStore storedPayload(int volume) {
    return payload(volume);
  }

  /** Removes the payload of a volume that is gone. Does nothing if there is none. */
  void removePayload(int volume);

  /** Closes the metadata. Whoever opened a payload store closes it, before this call. */
  @Override
  void close();
}
