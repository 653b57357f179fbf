/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.app.why;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.facsim.hypervisor.clone.HostExplanation;
import org.facsim.services.explain.Explanation;
import org.facsim.services.explain.Explanation.Section;
import org.facsim.services.explain.Teller;

/**
 * What simulated hosts know of the files that they filled. An array that has this teller tells the
 * host's half in {@code facsim why} and over HTTP. Bounded: the last {@value #MAX_FILES} files.
 * Thread-safe.
 */
public final class HostTeller implements Teller {
  static final int MAX_FILES = 8192;

  private final Map<String, HostExplanation> byPath =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, HostExplanation> eldest) {
          return size() > MAX_FILES;
        }
      };

  /** Notes what a host did. The last word on a file counts. */
  public synchronized void note(HostExplanation explanation) {
    for (String path : explanation.clientPaths()) {
      byPath.remove(path);
      byPath.put(path, explanation);
    }
  }

  /** Forgets everything, for example because the array was restored. */
  public synchronized void clear() {
    byPath.clear();
  }

  /**
   * The host's half on a file.
   *
   * @param clientPath such as {@code /datastore1/vm/vm-flat.vmdk}
   */
  public synchronized Optional<HostExplanation> of(String clientPath) {
    return Optional.ofNullable(byPath.get(clientPath));
  }

  @Override
  public List<Section> tell(Explanation explained) {
    return of(explained.subject())
        .map(host -> List.of(new Section(host.host(), "What the host decided", host.lines())))
        .orElse(List.of());
  }
}
