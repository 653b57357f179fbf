/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.management;

import com.google.common.hash.Hashing;
import io.vertx.ext.web.RoutingContext;
import java.util.Arrays;
import org.facsim.array.FileAttributes;

/**
 * Entity tags: whoever changes something may say with {@code If-Match} which version it has seen,
 * and is refused if somebody else changed it meanwhile (RFC 9110 section 13.1.1).
 */
final class Etags {
  private static final int PRECONDITION_FAILED = 412;

  private Etags() {}

  /** Of a file's contents and attributes. */
  static String of(FileAttributes attributes) {
    return "\"" + attributes.fileId() + "-" + attributes.changeCounter() + "\"";
  }

  /** Of an answer: the same for the same JSON. */
  static String of(Object shown) {
    return "\"" + Hashing.murmur3_128().hashBytes(JsonBodies.write(shown).getBytes()) + "\"";
  }

  /** Says the tag of what is answered. */
  static void show(RoutingContext context, String tag) {
    context.response().putHeader("ETag", tag);
  }

  /**
   * Refuses a change of something that is not as its client saw it.
   *
   * @param now the tag as it is now; null if there is nothing yet
   * @throws Problem 412
   */
  static void check(RoutingContext context, String now) {
    String wanted = context.request().getHeader("If-Match");
    if (wanted == null) {
      return;
    }
    boolean fits =
        now != null
            && Arrays.stream(wanted.split(",", -1))
                .map(String::trim)
                .anyMatch(tag -> tag.equals("*") || tag.equals(now));
    if (!fits) {
      throw new Problem(
          PRECONDITION_FAILED,
          "Precondition failed",
          "If-Match: "
              + wanted
              + ", but it is "
              + (now == null ? "not there" : now)
              + " now: somebody else changed it; read it again");
    }
  }
}
