/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.nfs;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.base.Splitter;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.facsim.array.ArrayError;
import org.facsim.array.ArrayException;
import org.facsim.array.Caller;
import org.facsim.array.FileType;
import org.facsim.array.Inode;
import org.facsim.array.Name;
import org.facsim.array.Volume;
import org.facsim.services.access.Grant;

/**
 * A walk from an export's root along a path, also through symbolic links: how a server resolves the
 * path that a client mounts. An absolute link is resolved as a path that a client mounts, {@code
 * /NAME/...}. No link and no {@code ..} leads out of the export.
 */
final class ExportWalk {
  static final Splitter PATH = Splitter.on('/').omitEmptyStrings();

  /** The most links that are followed; Linux has the same bound. */
  static final int MAX_LINKS = 40;

  private final Volume volume;
  private final Caller caller;

  /** The directories from the present one up to the root, which is last. */
  private final Deque<Inode> way = new ArrayDeque<>();

  private final Deque<String> ahead = new ArrayDeque<>();
  private int links;

  /** Starts at the root of an export. */
  ExportWalk(Grant export) {
    this.volume = export.volume();
    this.caller = export.caller();
    way.push(export.file());
  }

  /**
   * Walks.
   *
   * @param parts names below the export's root
   * @throws ArrayException the failure of a lookup on the way; ACCESS_DENIED for a link out of the
   *     export; INVALID_ARGUMENT for more than {@value #MAX_LINKS} links
   */
  Inode along(List<String> parts) {
    ahead.addAll(parts);
    while (!ahead.isEmpty()) {
      step(ahead.pop());
    }
    return way.peek();
  }

  private void step(String name) {
    if (name.equals(".")) {
      return;
    }
    if (name.equals("..")) {
      if (way.size() == 1) {
        throw leadsOut();
      }
      way.pop();
      return;
    }
    Inode next = volume.names().lookup(caller, way.peek(), Name.of(name));
    if (next.attributes().type() == FileType.SYMBOLIC_LINK) {
      follow(new String(volume.names().readLink(caller, next), UTF_8));
    } else {
      way.push(next);
    }
  }

  private void follow(String target) {
    links++;
    if (links > MAX_LINKS) {
      throw new ArrayException(
          ArrayError.INVALID_ARGUMENT, "more than " + MAX_LINKS + " symbolic links");
    }
    List<String> parts = PATH.splitToList(target);
    if (target.startsWith("/")) {
      if (parts.isEmpty() || !parts.get(0).equals(volume.name())) {
        throw leadsOut();
      }
      while (way.size() > 1) {
        way.pop();
      }
      parts = parts.subList(1, parts.size());
    }
    for (int i = parts.size() - 1; i >= 0; i--) {
      ahead.push(parts.get(i));
    }
  }

  private static ArrayException leadsOut() {
    return new ArrayException(ArrayError.ACCESS_DENIED, "leads out of the export");
  }
}
