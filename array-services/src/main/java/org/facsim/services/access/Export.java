/* SPDX-License-Identifier: Apache-2.0 */
package org.facsim.services.access;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.facsim.array.Volume;

/**
 * A volume that NFS clients may mount as {@code /NAME}, and its terms.
 *
 * <p>Several rules may match a client's address. Only the one with the fewest addresses applies;
 * among equals, the one that was given first. If this rule refuses a client because of its port or
 * its version of NFS, the client is refused. Immutable.
 */
public final class Export {
  /** The most rules of one export. */
  public static final int MAX_RULES = 256;

  private final Volume volume;
  private final List<ExportRule> rules;
  private final String path;

  /** The rules, the narrowest first. */
  private final ExportRule[] byPrecedence;

  /** The terms, if they are the same for every client and port; otherwise null. */
  private final ExportOptions forEveryone;

  Export(Volume volume, List<ExportRule> rules) {
    if (rules.size() > MAX_RULES) {
      throw new IllegalArgumentException(rules.size() + " rules, at most " + MAX_RULES);
    }
    this.volume = Objects.requireNonNull(volume);
    this.rules = List.copyOf(rules);
    this.path = "/" + volume.name();
    this.byPrecedence =
        rules.stream()
            .sorted(Comparator.comparingInt(rule -> -rule.clients().specificity()))
            .toArray(ExportRule[]::new);
    boolean one = byPrecedence.length > 0 && byPrecedence[0].clients().isEveryone();
    this.forEveryone =
        one && !byPrecedence[0].options().securePort() ? byPrecedence[0].options() : null;
  }

  public Volume volume() {
    return volume;
  }

  /** The rules, in the order in which they were given. If there are none, no client is admitted. */
  public List<ExportRule> rules() {
    return rules;
  }

  /** The path that clients mount: {@code /} and the volume's name. */
  public String path() {
    return path;
  }

  /**
   * What this client may do here over at least one version of NFS. The caller must check the
   * version that is used.
   *
   * @param client address and port
   * @return null if it may do nothing
   */
  public ExportOptions termsFor(InetSocketAddress client) {
    if (forEveryone != null) {
      return forEveryone;
    }
    InetAddress address = client.getAddress();
    for (ExportRule rule : byPrecedence) {
      if (rule.clients().contains(address)) {
        return rule.options().admitsPort(client.getPort()) ? rule.options() : null;
      }
    }
    return null;
  }

  /** Whether this client may use the export at all. */
  public boolean admits(InetSocketAddress client) {
    return termsFor(client) != null;
  }

  /** Whether this client may use the export over a version of NFS. */
  public boolean admits(InetSocketAddress client, NfsVersion version) {
    ExportOptions terms = termsFor(client);
    return terms != null && terms.versions().contains(version);
  }

  /** The export as a line of {@code exports(5)}. */
  @Override
  public String toString() {
    StringBuilder line = new StringBuilder(path);
    rules.forEach(rule -> line.append(' ').append(rule));
    return line.toString();
  }
}
