/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.offload.session;

import java.util.List;
import java.util.Objects;
import org.facsim.array.FileRange;
import org.facsim.services.offload.FileRef;

/**
 * An UNMAP that a host asks for in a session.
 *
 * @param session the session on the file's export
 * @param requestId as in {@link CloneRequest}
 * @param file a regular file
 * @param ranges with any numbers, in any order; the door bounds how many
 */
public record UnmapRequest(SessionId session, long requestId, FileRef file, List<FileRange> ranges)
    implements SessionRequest {
  public UnmapRequest {
    Objects.requireNonNull(session);
    Objects.requireNonNull(file);
    ranges = List.copyOf(ranges);
  }

  @Override
  public void putInto(Fingerprint fingerprint) {
    fingerprint.kind('u').put(session).put(requestId).put(file).put(ranges.size());
    ranges.forEach(range -> fingerprint.put(range.offsetBytes()).put(range.lengthBytes()));
  }
}
